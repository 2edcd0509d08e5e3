#include "metadata/callback.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "http/client.h"

namespace tarn::metadata {
namespace {

constexpr std::chrono::seconds kAnswerTime{10};
// Before each try.
constexpr std::array<std::chrono::milliseconds, 5> kPauses = {
    std::chrono::milliseconds(0), std::chrono::milliseconds(1'000), std::chrono::milliseconds(5'000),
    std::chrono::milliseconds(25'000), std::chrono::milliseconds(60'000)};

// False: stopped before.
bool Wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace

std::string Sign(std::string_view body, std::string_view token) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  ::HMAC(::EVP_sha256(), token.data(), static_cast<int>(token.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &length);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

base::Result<void> Tell(const store::MetadataRefresh& refresh, const base::SecretString& token,
                        const std::stop_token& stop) {
  boost::json::object body{
      {"projectId", refresh.project_id}, {"catalogId", refresh.catalog_id}, {"status", refresh.status}};
  if (!refresh.error.empty()) body["error"] = refresh.error;
  http::OutgoingRequest request{.url = refresh.callback, .body = boost::json::serialize(body)};
  if (const auto& secret = token.Reveal(); !secret.empty()) {
    request.headers.emplace_back("Authorization", fmt::format("Bearer {}", secret));
    request.headers.emplace_back("X-Tarn-Signature", "sha256=" + Sign(request.body, secret));
  }
  base::Result<void> last;
  for (const auto pause : kPauses) {
    if (!Wait(pause, stop)) return base::Cancelled("The server is stopping");
    const auto reply = http::Post(request, base::CallLimits::Within(kAnswerTime, stop));
    if (!reply) {
      last = std::unexpected(reply.error());
    } else if (reply->status >= 200 && reply->status < 300) {
      return {};
    } else {
      last = base::Unavailable(fmt::format("The callback was answered with status {}", reply->status));
    }
  }
  return last;
}

}  // namespace tarn::metadata
