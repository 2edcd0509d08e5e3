#include "http/client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/url.hpp>
#include <memory>

namespace tarn::http {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr std::chrono::milliseconds kConnectTime{5000};

struct Transfer {
  std::string body;
  const base::CallLimits& limits;
  bool too_long = false;
};

std::size_t Take(const char* data, std::size_t, std::size_t bytes, void* into) {
  auto& transfer = *static_cast<Transfer*>(into);
  if (transfer.body.size() + bytes > kMostBytes) {
    transfer.too_long = true;
    return 0;
  }
  transfer.body.append(data, bytes);
  return bytes;
}

int GoOn(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(of)->limits.Check() ? 0 : 1;
}

bool IsLinkLocal(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto host = ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr);
    return (host >> 16) == 0xA9FE;
  }
  if (address.sa_family != AF_INET6) return false;
  const auto& host = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&host)) return host.s6_addr[12] == 169 && host.s6_addr[13] == 254;
  return IN6_IS_ADDR_LINKLOCAL(&host);
}

curl_socket_t Open(void*, curlsocktype, curl_sockaddr* address) {
  if (IsLinkLocal(address->addr)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Curl {
  Curl() : handle(::curl_easy_init(), ::curl_easy_cleanup), headers(nullptr, ::curl_slist_free_all) {}
  void Add(const std::string& header) { headers.reset(::curl_slist_append(headers.release(), header.c_str())); }

  std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> handle;
  std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)> headers;
};

void SetUp(Curl& curl, const OutgoingRequest& request, Transfer& transfer) {
  auto* const handle = curl.handle.get();
  curl.Add("Content-Type: application/json");
  for (const auto& [name, value] : request.headers) curl.Add(name + ": " + value);
  ::curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  ::curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  ::curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  ::curl_easy_setopt(handle, CURLOPT_HTTPHEADER, curl.headers.get());
  ::curl_easy_setopt(handle, CURLOPT_USERAGENT, "tarn");
  ::curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectTime.count()));
  ::curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, Open);
  ::curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, Take);
  ::curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  ::curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, GoOn);
  ::curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
}

}  // namespace

base::Result<IncomingReply> Post(const OutgoingRequest& request, const base::CallLimits& limits) {
  static const CURLcode kReady = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  Curl curl;
  if (kReady != CURLE_OK || !curl.handle) return base::Internal("The HTTP client does not start");
  TARN_RETURN_IF_ERROR(limits.Check());
  Transfer transfer{.body = {}, .limits = limits};
  SetUp(curl, request, transfer);
  const auto result = ::curl_easy_perform(curl.handle.get());
  if (transfer.too_long) return base::ResourceExhausted("The answer is longer than 8 MiB");
  TARN_RETURN_IF_ERROR(limits.Check());
  if (result != CURLE_OK)
    return base::Unavailable(std::string("The request did not get through: ") + ::curl_easy_strerror(result));
  IncomingReply reply{.body = std::move(transfer.body)};
  ::curl_easy_getinfo(curl.handle.get(), CURLINFO_RESPONSE_CODE, &reply.status);
  return reply;
}

base::Result<void> CheckOutgoingUrl(const std::string& url, const std::string& field) {
  const auto parsed = boost::urls::parse_uri(url);
  const bool known =
      parsed && (parsed->scheme_id() == boost::urls::scheme::http || parsed->scheme_id() == boost::urls::scheme::https);
  if (known && !parsed->host().empty()) return {};
  return base::InvalidArgument(field + " is not a URL of http or https", field);
}

}  // namespace tarn::http
