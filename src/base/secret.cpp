#include "base/secret.h"

#include <sodium.h>

namespace tarn::base {

SecretString::~SecretString() {
  // All of the buffer: a string that was moved from may still hold the short text it had.
  value_.resize(value_.capacity());
  sodium_memzero(value_.data(), value_.size());
}

}  // namespace tarn::base
