#include <exception>

#include "base/log.h"
#include "http/door.h"
#include "http/route.h"

namespace tarn::http {

namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;  // large enough that hand-overs between threads do not show

// Runs what others wrote; an exception becomes an internal error.
template <class Work>
auto Guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return base::Internal(std::string("Unexpected exception: ") + exception.what());
  } catch (...) {
    return base::Internal("Unexpected exception of an unknown kind");
  }
}

}  // namespace

Call::Call(const Route& route, RequestFacts facts, std::stop_source stop)
    : route_(route), context_(std::move(facts)), stop_(std::move(stop)) {}

bool Call::fast() const { return route_.info.fast; }

void Call::SetBody(std::string body) { context_.facts_.body = std::move(body); }

bool Call::takes_file() const { return route_.info.body_to_file; }

base::Result<void> Call::AppendToFile(const std::filesystem::path& folder, std::string_view bytes) {
  if (!body_file_) {
    TARN_ASSIGN_OR_RETURN(body_file_, BodyFile::Create(folder));
    context_.facts_.body_file = body_file_;
  }
  return body_file_->Append(bytes);
}

bool Call::answers_later() const { return route_.begin != nullptr; }

void Call::Begin(std::function<void()> done) {
  const Respond respond = [self = shared_from_this(), done = std::move(done)](base::Result<Reply> result) {
    self->Take(std::move(result));
    done();
  };
  const auto begun = Guarded([&]() -> base::Result<void> {
    route_.begin(context_, respond);
    return {};
  });
  if (!begun) respond(std::unexpected(begun.error()));
}

void Call::Run() {
  Take(Guarded([this] { return Handle(); }));
}

void Call::Take(base::Result<Reply> result) {
  if (!result) return Fail(std::move(result).error());
  reply_ = *std::move(result);
  if (reply_.status == 0) reply_.status = route_.info.success;
}

base::Result<Reply> Call::Handle() {
  // A call that waited in the queue past its end is not begun.
  TARN_RETURN_IF_ERROR(context_.limits().Check());
  TARN_ASSIGN_OR_RETURN(Reply reply, route_.run(context_));
  if (auto* later = std::get_if<LaterBody>(&reply.body)) {
    later_ = std::move(*later);
    return Reply{};
  }
  return WithFirstPiece(std::move(reply));
}

void Call::GoOn() {
  auto later = std::exchange(later_, std::nullopt);
  Take(Guarded([&]() -> base::Result<Reply> {
    TARN_ASSIGN_OR_RETURN(auto body, later->go_on());
    return WithFirstPiece(WriteReply(std::move(body)));
  }));
}

base::Result<Reply> Call::WithFirstPiece(Reply reply) {
  if (auto* pull = std::get_if<PullBody>(&reply.body)) {
    pull_ = std::move(*pull);
    TARN_RETURN_IF_ERROR(PullPiece());
    if (pull_ == nullptr) {
      reply.body = std::move(piece_);
    }
  }
  return reply;
}

base::Result<void> Call::PullPiece() {
  piece_.clear();
  while (pull_ != nullptr && piece_.size() < kPieceBytes) {
    TARN_RETURN_IF_ERROR(context_.limits().Check());
    TARN_ASSIGN_OR_RETURN(const bool more, pull_(piece_));
    if (!more) pull_ = nullptr;
  }
  return {};
}

bool Call::Pull() {
  const auto pulled = Guarded([this] { return PullPiece(); });
  if (pulled) return true;
  base::log::Warning("answer broken off", {{"request", request_id()},
                                           {"operation", route_.info.id},
                                           {"kind", base::ToString(pulled.error().kind)},
                                           {"reason", pulled.error().message}});
  pull_ = nullptr;
  return false;
}

void Call::Fail(base::Error error) {
  pull_ = nullptr;
  piece_.clear();
  // The deadline also fires the stop token, so a handler may have seen either.
  if (error.kind == base::ErrorKind::kCancelled && std::chrono::steady_clock::now() >= deadline()) {
    error.kind = base::ErrorKind::kDeadlineExceeded;
    error.message = "The call ran out of time";
  }
  if (error.kind == base::ErrorKind::kInternal) {
    base::log::Error("internal error",
                     {{"request", request_id()}, {"operation", route_.info.id}, {"reason", error.message}});
  }
  reply_ = ErrorReply(error, route_.info, request_id());
}

}  // namespace tarn::http
