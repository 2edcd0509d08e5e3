// Lineage of one value while it is written.
#pragma once

#include <memory>

#include "sql/translator.h"

namespace tarn::sql {

class Translator::ValueTrace final {
 public:
  explicit ValueTrace(Translator& translator) : translator_(translator), around_(translator.traced_) {
    if (translator_.traces_) translator_.traced_ = &lineage_;
  }
  // Ends it: the value around has used what this one did.
  ~ValueTrace();
  ValueTrace(const ValueTrace&) = delete;
  ValueTrace& operator=(const ValueTrace&) = delete;

  // Of the value that was written of an expression; null where lineage is not wanted.
  [[nodiscard]] std::shared_ptr<const Lineage> Of(const Written& written, const Expression& expression) const;

 private:
  Translator& translator_;
  Lineage lineage_;
  Lineage* const around_;
};

}  // namespace tarn::sql
