#include "connector/host_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace tarn::connector {
namespace {

// How long a wait may last before the stop token is looked at again.
constexpr std::chrono::milliseconds kSlice{20};

std::string AddressText(const addrinfo& entry) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = entry.ai_family == AF_INET6
                            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(entry.ai_addr)->sin6_addr)
                            : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(entry.ai_addr)->sin_addr);
  return inet_ntop(entry.ai_family, address, text.data(), text.size()) == nullptr ? std::string()
                                                                                  : std::string(text.data());
}

// What a name look-up, which cannot be interrupted, shares with the call that waits for it.
struct Lookup {
  std::mutex mutex;
  std::condition_variable_any done;
  bool finished = false;
  std::vector<std::string> addresses;
};

void RunLookup(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::vector<std::string> addresses;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) == 0) {
    for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) addresses.push_back(AddressText(*entry));
    freeaddrinfo(found);
  }
  const std::scoped_lock lock(lookup->mutex);
  lookup->addresses = std::move(addresses);
  lookup->finished = true;
  lookup->done.notify_all();
}

}  // namespace

base::Result<std::vector<std::string>> LookUpHost(const std::string& host, const base::CallLimits& limits) {
  auto lookup = std::make_shared<Lookup>();
  std::thread(RunLookup, lookup, host).detach();
  std::unique_lock lock(lookup->mutex);
  while (!lookup->finished) {
    TARN_RETURN_IF_ERROR(limits.Check());
    lookup->done.wait_for(lock, kSlice);
  }
  return lookup->addresses;
}

}  // namespace tarn::connector
