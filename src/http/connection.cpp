#include "http/connection.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <cerrno>

#include "base/log.h"
#include "http/answer_head.h"

namespace tarn::http {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using Tcp = net::ip::tcp;
using Steady = std::chrono::steady_clock;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kHeadRead = 4 * 1024;
constexpr std::size_t kBodyRead = 64 * 1024;
constexpr std::size_t kSmallBody = 64 * 1024;   // read to its end even when the request is refused before
constexpr std::size_t kJoinedBody = 16 * 1024;  // smaller ones are copied behind their head: one write, one TLS record
constexpr std::size_t kBytesPerSecond = 32 * 1024;  // the slowest body that is waited for
constexpr std::size_t kFilePiece = 1024 * 1024;     // of a body that goes to disk
constexpr std::size_t kMostRefusals = 256;
constexpr std::size_t kMostLingered = 32 * 1024 * 1024;
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::chrono::milliseconds kPeerCheck{250};
constexpr std::chrono::milliseconds kDeadlineCheck{250};

// Whether the client has closed its end. Bytes that it sent before do not hide that.
bool PeerGone(int descriptor) {
  pollfd state{.fd = descriptor, .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

// What a request that the parser refuses is answered with.
int StatusOfParseError(const beast::error_code& error) {
  namespace http = beast::http;
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

std::string_view MessageOfParseError(int status) {
  switch (status) {
    case 507: return "There is no room for the request's body";
    case 413: return "The request body is too large";
    case 431: return "The request head is too large";
    case 505: return "Only HTTP/1.0 and HTTP/1.1 are spoken here";
    default: return "The request is not valid HTTP";
  }
}

// A body as text, of which what has come may be taken away while the rest comes.
struct TextBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>& length, beast::error_code& error) {
      body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length.value_or(0), kFilePiece)));
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, beast::error_code& error) {
      error = {};
      std::size_t taken = 0;
      for (const auto buffer : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        taken += buffer.size();
      }
      return taken;
    }
    void finish(beast::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

// How a piece of work on the blocking pool ended.
enum class Ran { kDone, kQueueFull, kAbandoned };
using PoolWork = std::function<void(Call&)>;

template <class Stream>
class Connection final : public OpenConnection, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <class... Arguments>
  Connection(Shared& shared, NetworkThread& thread, Arguments&&... arguments)
      : shared_(shared), thread_(thread), stream_(std::forward<Arguments>(arguments)...) {
    beast::error_code error;
    Socket().set_option(Tcp::no_delay(true), error);
    const auto remote = Socket().remote_endpoint(error);
    if (!error) remote_address_ = remote.address().to_string();
    thread_.connections.insert(this);
    shared_.open_connections.Add(1);
  }

  ~Connection() override {
    thread_.connections.erase(this);
    shared_.open_connections.Add(-1);
    shared_.connections.fetch_sub(1);
  }

  net::awaitable<void> Run() {
    // Keeps the connection alive as long as this coroutine.
    const auto self = this->shared_from_this();
    if (co_await Handshake()) {
      while (co_await ServeOne()) {
      }
    }
    co_await Close();
  }

  void Drain() override {
    if (!busy_) beast::get_lowest_layer(stream_).close();
  }

  void Break() override {
    if (call_) call_->Cancel();
    linger_ = false;
    broken_ = true;
    beast::get_lowest_layer(stream_).close();
  }

  [[nodiscard]] bool busy() const override { return busy_; }

 private:
  // A wait for the client's leaving while its call runs elsewhere.
  struct Watch {
    explicit Watch(net::io_context& io) : timer(io) {}
    std::shared_ptr<Call> call;
    net::steady_timer timer;
    bool waiting = false;
    bool over = false;
  };

  // Brings a result back from the pool; touched by the network thread only, but for its way there.
  struct Handoff {
    explicit Handoff(net::io_context& io) : wake(io) {}
    net::steady_timer wake;
    bool finished = false;
  };

  auto& Socket() { return beast::get_lowest_layer(stream_).socket(); }
  void ExpireAfter(std::chrono::milliseconds time) { beast::get_lowest_layer(stream_).expires_after(time); }

  net::awaitable<bool> Handshake() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      ExpireAfter(shared_.settings.header_timeout);
      const auto [error] = co_await stream_.async_handshake(net::ssl::stream_base::server, kAwait);
      co_return !error;
    } else {
      co_return true;
    }
  }

  net::awaitable<bool> ReadMore(std::size_t most) {
    const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(most), kAwait);
    buffer_.commit(count);
    co_return !error;
  }

  // One request and its answer; false when the connection is over.
  net::awaitable<bool> ServeOne() {
    busy_ = false;
    if (shared_.draining) co_return false;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.settings.max_header_bytes));
    parser_->body_limit(boost::none);  // known once the operation is
    if (buffer_.size() == 0) {
      ExpireAfter(shared_.settings.idle_timeout);
      if (!co_await ReadMore(kHeadRead)) co_return false;
    }
    busy_ = true;
    since_ = Steady::now();
    ExpireAfter(shared_.settings.header_timeout);
    if (const int status = co_await ReadHead(); status != 0) co_return co_await RefuseMalformed(status);

    const auto& request = parser_->get();
    keep_alive_ = request.keep_alive() && !shared_.draining;
    head_only_ = request.method() == beast::http::verb::head;
    version_is_11_ = request.version() >= 11;
    if (version_is_11_ && request.find(beast::http::field::host) == request.end()) {
      co_return co_await RefuseMalformed(400);
    }
    auto entry = shared_.door.Admit(TakeHead());
    if (const int status = co_await ReadBody(entry.call); status != 0) co_return co_await RefuseMalformed(status);
    if (!entry.call) {
      const bool written = co_await Send(entry.answer, entry);
      Record(entry, entry.answer.status);
      co_return written&& keep_alive_;
    }
    co_return co_await Answer(entry) && keep_alive_;
  }

  // 0, or the status to refuse with; -1 when the client is gone or too slow.
  net::awaitable<int> ReadHead() {
    for (;;) {
      if (buffer_.size() != 0) {
        beast::error_code error;
        buffer_.consume(parser_->put(buffer_.data(), error));
        if (error && error != beast::http::error::need_more) co_return StatusOfParseError(error);
        if (parser_->is_header_done()) co_return 0;
      }
      if (!co_await ReadMore(kHeadRead)) co_return -1;
    }
  }

  RequestHead TakeHead() {
    const auto& request = parser_->get();
    RequestHead head{.method = std::string(request.method_string()),
                     .target = std::string(request.target()),
                     .headers = {},
                     .remote_address = remote_address_};
    for (const auto& field : request) head.headers.emplace_back(field.name_string(), field.value());
    return head;
  }

  // Reads the body of an admitted request, and small ones of refused requests, so that the connection can go on.
  net::awaitable<int> ReadBody(std::shared_ptr<Call> call) {
    if (parser_->is_done()) co_return 0;
    const bool admitted = call != nullptr;
    const bool to_file = admitted && call->takes_file();
    const std::uint64_t most = to_file ? shared_.settings.max_file_bytes : shared_.settings.max_body_bytes;
    const auto announced = parser_->content_length();
    const bool waits = beast::iequals(parser_->get()[beast::http::field::expect], "100-continue");
    if (!admitted && (waits || !announced || *announced > kSmallBody)) {
      keep_alive_ = false;
      linger_ = true;
      co_return 0;
    }
    if (announced && *announced > most) co_return 413;
    parser_->body_limit(most);
    if (waits && !co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return -1;
    ExpireAfter(shared_.settings.body_timeout + std::chrono::seconds(announced.value_or(most) / kBytesPerSecond));
    parser_->eager(true);
    while (!parser_->is_done()) {
      std::size_t taken = 0;
      if (buffer_.size() != 0) {
        beast::error_code error;
        taken = parser_->put(buffer_.data(), error);
        buffer_.consume(taken);
        if (error && error != beast::http::error::need_more) co_return StatusOfParseError(error);
        if (to_file && parser_->get().body().size() >= kFilePiece && !co_await Spill(call)) co_return 507;
        if (parser_->is_done()) break;
      }
      if (taken == 0 && !co_await ReadMore(kBodyRead)) co_return -1;
    }
    if (to_file && !parser_->get().body().empty() && !co_await Spill(call)) co_return 507;
    if (buffer_.size() == 0 && buffer_.capacity() > kHeadRead) buffer_.shrink_to_fit();
    co_return 0;
  }

  // Moves what has come of the body to the call's file, on the blocking pool.
  net::awaitable<bool> Spill(std::shared_ptr<Call> call) {
    auto handoff = std::make_shared<Handoff>(thread_.io);
    auto kept = std::make_shared<bool>(false);
    WorkPool::Work job = [call = std::move(call), kept, piece = std::exchange(parser_->get().body(), {}),
                          done = Finisher(handoff), self = this->shared_from_this()]() mutable {
      const auto appended = call->AppendToFile(self->shared_.settings.upload_folder, piece);
      *kept = appended.has_value();
      if (!appended) base::log::Warning("body of a request not kept", {{"reason", appended.error().message}});
      call.reset();
      done();
    };
    shared_.pool.Post(std::move(job));
    while (!handoff->finished) {
      handoff->wake.expires_at(Steady::time_point::max());
      co_await handoff->wake.async_wait(kAwait);
    }
    co_return *kept;
  }

  net::awaitable<bool> RefuseMalformed(int status) {
    if (status < 0) co_return false;
    keep_alive_ = false;
    linger_ = true;
    const Door::Entry entry;
    auto reply = Refusal(status, MessageOfParseError(status));
    co_await Send(reply, entry);
    Record(entry, status);
    co_return false;
  }

  void Record(const Door::Entry& entry, int status) { shared_.door.Record(entry, status, since_); }

  net::awaitable<bool> Answer(Door::Entry& entry) {
    call_ = entry.call;
    shared_.calls_in_flight.Add(1);
    call_->SetBody(std::move(parser_->get().body()));
    parser_.reset();
    int status = 0;
    const bool written = co_await RunAndSend(entry, status);
    shared_.calls_in_flight.Add(-1);
    Record(entry, status);
    call_.reset();
    co_return written;
  }

  net::awaitable<bool> RunAndSend(Door::Entry& entry, int& status) {
    const auto call = call_;
    auto ran = Ran::kDone;
    if (call->answers_later()) {
      ran = co_await Begun(call);
    } else if (call->fast()) {
      call->Run();
    } else {
      const PoolWork run = [](Call& running) { running.Run(); };
      ran = co_await OnPool(call, true, run);
    }
    if (ran == Ran::kDone && call->waits()) ran = co_await Waited(call);
    if (ran == Ran::kAbandoned || shared_.draining) keep_alive_ = false;
    Reply refusal;
    if (ran == Ran::kQueueFull) refusal = Refusal(503, "Too many requests are waiting");
    if (ran == Ran::kAbandoned) refusal = Refusal(504, "The call ran out of time");
    status = ran == Ran::kDone ? call->reply().status : refusal.status;
    if (ran != Ran::kDone) co_return co_await Send(refusal, entry);
    if (!call->streams()) co_return co_await Send(call->reply(), entry);
    const bool whole = co_await SendStream(call, entry);
    if (call->streams()) shared_.pool.Post([call]() mutable { call->DropBody(); });
    if (!whole) broken_ = true;
    co_return whole;
  }

  // Runs `work` on the blocking pool and waits for it, or for the call's deadline and the grace after it. While it
  // runs, a client that leaves cancels the call. `work` must be a variable: g++ 12 destroys a closure twice that is
  // made within a co_await.
  net::awaitable<Ran> OnPool(const std::shared_ptr<Call>& call, bool may_be_refused, const PoolWork& work) {
    auto handoff = std::make_shared<Handoff>(thread_.io);
    WorkPool::Work job = [call, work, handoff, self = this->shared_from_this()]() mutable {
      work(*call);
      auto& io = self->thread_.io;
      net::post(io, [handoff = std::move(handoff), self = std::move(self)] {
        handoff->finished = true;
        handoff->wake.cancel();
      });
    };
    if (!may_be_refused) {
      shared_.pool.Post(std::move(job));
    } else if (!shared_.pool.TryPost(std::move(job))) {
      co_return Ran::kQueueFull;
    }
    co_return co_await Finished(call, handoff);
  }

  // Starts a call that answers later, and waits for it as OnPool does.
  net::awaitable<Ran> Begun(std::shared_ptr<Call> call) {
    auto handoff = std::make_shared<Handoff>(thread_.io);
    call->Begin(Finisher(handoff));
    if (handoff->finished) co_return Ran::kDone;
    co_return co_await Finished(call, handoff);
  }

  // Waits without a thread, then lets a call go on.
  net::awaitable<Ran> Waited(std::shared_ptr<Call> call) {
    auto handoff = std::make_shared<Handoff>(thread_.io);
    call->Wait(Finisher(handoff));
    if (!handoff->finished) {
      const auto ran = co_await Finished(call, handoff);
      if (ran != Ran::kDone) co_return ran;
    }
    const PoolWork go_on = [](Call& running) { running.GoOn(); };
    co_return co_await OnPool(call, false, go_on);
  }

  // To be called by any thread when the work is done.
  std::function<void()> Finisher(std::shared_ptr<Handoff> handoff) {
    return [handoff = std::move(handoff), self = this->shared_from_this()]() mutable {
      auto& io = self->thread_.io;
      if (io.get_executor().running_in_this_thread()) {
        handoff->finished = true;
        handoff->wake.cancel();
        return;
      }
      net::post(io, [handoff = std::move(handoff), self = std::move(self)] {
        handoff->finished = true;
        handoff->wake.cancel();
      });
    };
  }

  net::awaitable<Ran> Finished(std::shared_ptr<Call> call, std::shared_ptr<Handoff> handoff) {
    const auto watch = StartWatch(call);
    // In steps, as the handler may make the deadline an earlier one.
    for (auto now = Steady::now(); !handoff->finished && now < call->deadline(); now = Steady::now()) {
      handoff->wake.expires_at(std::min(call->deadline(), now + kDeadlineCheck));
      co_await handoff->wake.async_wait(kAwait);
    }
    if (!handoff->finished) {
      call->Cancel();
      handoff->wake.expires_after(shared_.settings.deadline_grace);
      co_await handoff->wake.async_wait(kAwait);
    }
    EndWatch(*watch);
    co_return handoff->finished ? Ran::kDone : Ran::kAbandoned;
  }

  std::shared_ptr<Watch> StartWatch(std::shared_ptr<Call> call) {
    auto watch = std::make_shared<Watch>(thread_.io);
    watch->call = std::move(call);
    watch->waiting = true;
    Socket().async_wait(Tcp::socket::wait_read,
                        [self = this->shared_from_this(), watch](const beast::error_code& error) {
                          watch->waiting = false;
                          if (!error) self->CheckPeer(watch);
                        });
    return watch;
  }

  // The socket became readable: the client left, or it sent its next request early; then its leaving is looked for by
  // time.
  void CheckPeer(const std::shared_ptr<Watch>& watch) {
    if (watch->over) return;
    if (!Socket().is_open() || PeerGone(Socket().native_handle())) {
      watch->call->Cancel();
      return;
    }
    watch->timer.expires_after(kPeerCheck);
    watch->timer.async_wait([self = this->shared_from_this(), watch](const beast::error_code& error) {
      if (!error) self->CheckPeer(watch);
    });
  }

  void EndWatch(Watch& watch) {
    watch.over = true;
    watch.timer.cancel();
    beast::error_code error;
    if (watch.waiting) Socket().cancel(error);  // nothing else waits on the socket now
  }

  net::awaitable<bool> Write(std::string_view first, std::string_view second, std::string_view third = {}) {
    ExpireAfter(shared_.settings.write_timeout);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      // Beast's TLS stream takes an empty buffer in front of a large one for the end, so each part is written alone.
      const std::array<std::string_view, 3> parts{first, second, third};
      for (const auto part : parts) {
        if (part.empty()) continue;
        const auto [error, count] = co_await net::async_write(stream_, net::buffer(part), kAwait);
        if (error) co_return false;
      }
      co_return true;
    } else {
      const std::array<net::const_buffer, 3> buffers{net::buffer(first), net::buffer(second), net::buffer(third)};
      const auto [error, count] = co_await net::async_write(stream_, buffers, kAwait);
      co_return !error;
    }
  }

  net::awaitable<bool> Send(Reply& reply, const Door::Entry& entry) {
    static const std::string kEmpty;
    const auto* text = std::get_if<std::string>(&reply.body);
    const auto* shared = std::get_if<SharedBody>(&reply.body);
    const std::string& body = text == nullptr ? kEmpty : *text;
    const std::size_t size = shared == nullptr ? body.size() : shared->size();
    std::string head;
    head.reserve(512);
    AppendHead({.status = reply.status,
                .content_type = size == 0 ? std::string_view() : std::string_view(reply.content_type),
                .length = size,
                .close = !keep_alive_,
                .request_id = entry.request_id},
               reply.headers, entry.extra, head);
    if (head_only_ || reply.status == 204) co_return co_await Write(head, {});
    if (shared != nullptr) {
      head.append(shared->before);
      if (size > kJoinedBody) co_return co_await Write(head, shared->middle ? *shared->middle : kEmpty, shared->after);
      if (shared->middle) head.append(*shared->middle);
      co_return co_await Write(head.append(shared->after), {});
    }
    if (body.size() > kJoinedBody) co_return co_await Write(head, body);
    co_return co_await Write(head.append(body), {});
  }

  // True when the answer was sent to its end. The final chunk is the client's proof that nothing is missing.
  net::awaitable<bool> SendStream(const std::shared_ptr<Call>& call, const Door::Entry& entry) {
    const bool chunked = version_is_11_;
    if (!chunked) keep_alive_ = false;
    std::string out;
    AppendHead({.status = call->reply().status,
                .content_type = call->reply().content_type,
                .length = {},
                .chunked = chunked,
                .close = !keep_alive_,
                .request_id = entry.request_id},
               call->reply().headers, entry.extra, out);
    if (head_only_) co_return co_await Write(out, {});
    for (;;) {
      const auto& piece = call->piece();
      if (chunked && !piece.empty()) out += fmt::format("{:x}\r\n", piece.size());
      if (!co_await Write(out, piece, chunked && !piece.empty() ? "\r\n" : "")) {
        call->Cancel();
        co_return false;
      }
      out.clear();
      if (!call->streams()) break;
      const auto outcome = std::make_shared<bool>(false);
      const PoolWork pull = [outcome](Call& running) { *outcome = running.Pull(); };
      const auto ran = co_await OnPool(call, false, pull);
      if (ran != Ran::kDone || !*outcome) co_return false;
    }
    if (chunked) out += "0\r\n\r\n";
    co_return out.empty() || co_await Write(out, {});
  }

  net::awaitable<void> Close() {
    auto& lowest = beast::get_lowest_layer(stream_);
    if (broken_) {
      // An answer that has no length of its own must not look whole: the client sees a reset.
      beast::error_code error;
      if (!version_is_11_) Socket().set_option(net::socket_base::linger(true, 0), error);
      lowest.close();
      co_return;
    }
    if (Socket().is_open()) {
      ExpireAfter(kLingerTime);
      if constexpr (std::is_same_v<Stream, TlsStream>) {
        if (!linger_) co_await stream_.async_shutdown(kAwait);
      }
      if (linger_) co_await Linger();
    }
    lowest.close();
  }

  // Closing with bytes unread would make the system drop an answer that the client has not yet taken.
  net::awaitable<void> Linger() {
    beast::error_code ignored;
    Socket().shutdown(Tcp::socket::shutdown_send, ignored);
    std::size_t total = 0;
    while (total < kMostLingered) {
      buffer_.clear();
      const auto [error, count] =
          co_await beast::get_lowest_layer(stream_).async_read_some(buffer_.prepare(kBodyRead), kAwait);
      if (error) co_return;
      total += count;
    }
  }

  Shared& shared_;
  NetworkThread& thread_;
  Stream stream_;
  std::string remote_address_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<TextBody>> parser_;
  std::shared_ptr<Call> call_;  // under way
  Steady::time_point since_;
  bool busy_ = false;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool version_is_11_ = true;
  bool linger_ = false;
  bool broken_ = false;
};

template <class Stream>
void Begin(NetworkThread& thread, const std::shared_ptr<Connection<Stream>>& connection) {
  net::co_spawn(
      thread.io, [connection]() { return connection->Run(); },
      [connection](const std::exception_ptr& failure) {
        if (!failure) return;
        try {
          std::rethrow_exception(failure);
        } catch (const std::exception& exception) {
          base::log::Error("connection ended by an exception", {{"reason", exception.what()}});
        }
      });
}

net::awaitable<void> SendRefusal(Shared& shared, std::shared_ptr<PlainStream> stream) {
  auto reply = Refusal(503, "Too many connections are open");
  const auto& body = std::get<std::string>(reply.body);
  std::string text;
  AppendHead(
      {.status = 503, .content_type = reply.content_type, .length = body.size(), .close = true, .request_id = {}},
      reply.headers, {}, text);
  text += body;
  stream->expires_after(std::chrono::seconds(1));
  co_await net::async_write(*stream, net::buffer(text), kAwait);
  beast::error_code ignored;
  stream->socket().shutdown(Tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> unread;
  for (;;) {
    const auto [error, count] = co_await stream->async_read_some(net::buffer(unread), kAwait);
    if (error) break;
  }
  stream->close();
  shared.refusals.fetch_sub(1);
}

}  // namespace

void Serve(Shared& shared, NetworkThread& thread, Tcp::socket socket, net::ssl::context* tls) {
  if (tls == nullptr) {
    Begin(thread, std::make_shared<Connection<PlainStream>>(shared, thread, std::move(socket)));
  } else {
    Begin(thread, std::make_shared<Connection<TlsStream>>(shared, thread, std::move(socket), *tls));
  }
}

void Refuse(Shared& shared, NetworkThread& thread, Tcp::socket socket) {
  if (shared.refusals.fetch_add(1) >= kMostRefusals) {
    shared.refusals.fetch_sub(1);
    return;
  }
  net::co_spawn(thread.io, SendRefusal(shared, std::make_shared<PlainStream>(std::move(socket))), net::detached);
}

}  // namespace tarn::http
