#include "catalog/generation.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <system_error>

#include "base/log.h"
#include "sql/translate.h"

namespace tarn::catalog {

namespace {

// A name for the engine that no catalog can have: user SQL never spells database names itself.
std::string AttachmentName(const std::string& generation_id) {
  std::string name = "g_" + generation_id;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// One published generation. Shared by the registry and by the pins; the last owner detaches it and,
// when it was superseded, deletes its file.
class Holder final {
 public:
  Holder(engine::DuckEngine& engine, Generation generation)
      : engine_(engine),
        generation_(std::move(generation)),
        name_(AttachmentName(generation_.id)),
        as_of_(generation_.as_of) {}

  ~Holder() {
    if (attached_) {
      if (auto detached = engine_.Detach(name_); !detached) {
        base::log::Warning("generation not detached",
                           {{"generation", generation_.id}, {"reason", detached.error().message}});
      }
    }
    if (!superseded_) return;
    std::error_code failed;
    std::filesystem::remove(generation_.file, failed);
    if (failed)
      base::log::Warning("generation file not removed", {{"generation", generation_.id}, {"reason", failed.message()}});
  }

  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  [[nodiscard]] base::Result<void> Attach() {
    const std::lock_guard lock(attaching_);
    if (attached_) return {};
    TARN_RETURN_IF_ERROR(engine_.AttachFile(name_, generation_.file));
    attached_ = true;
    return {};
  }

  void Confirm(base::SystemTime as_of) { as_of_ = as_of; }
  [[nodiscard]] base::SystemTime as_of() const { return as_of_; }

  // Called once by the registry, before it lets go of the holder.
  void Supersede() { superseded_ = true; }

  [[nodiscard]] const Generation& generation() const { return generation_; }
  [[nodiscard]] std::string Relation() const { return sql::QuoteIdentifier(name_) + ".\"main\".\"data\""; }

 private:
  engine::DuckEngine& engine_;
  Generation generation_;
  std::string name_;
  std::mutex attaching_;
  bool attached_ = false;
  std::atomic<bool> superseded_ = false;
  std::atomic<base::SystemTime> as_of_;
};

}  // namespace

struct Generations::Impl {
  engine::DuckEngine& engine;
  mutable std::mutex mutex;
  std::map<Key, std::shared_ptr<Holder>> current;

  // Takes the table's holder out. It is let go outside the lock: its end may detach and delete.
  std::shared_ptr<Holder> Exchange(const Key& key, std::shared_ptr<Holder> next) {
    const std::lock_guard lock(mutex);
    auto& slot = current[key];
    std::swap(slot, next);
    if (!slot) current.erase(key);
    if (next) next->Supersede();
    return next;
  }

  std::shared_ptr<Holder> Find(const Key& key) const {
    const std::lock_guard lock(mutex);
    const auto found = current.find(key);
    return found == current.end() ? nullptr : found->second;
  }
};

Generations::Generations(engine::DuckEngine& engine) : impl_(new Impl{.engine = engine, .mutex = {}, .current = {}}) {}
Generations::~Generations() = default;

void Generations::Publish(const Key& key, Generation generation) {
  auto next = std::make_shared<Holder>(impl_->engine, std::move(generation));
  auto superseded = impl_->Exchange(key, std::move(next));
}

void Generations::Confirm(const Key& key, const std::string& generation_id, base::SystemTime as_of) {
  const auto holder = impl_->Find(key);
  if (holder && holder->generation().id == generation_id) holder->Confirm(as_of);
}

void Generations::Remove(const Key& key) { auto superseded = impl_->Exchange(key, nullptr); }

base::Result<std::optional<Pin>> Generations::Acquire(const Key& key) {
  auto holder = impl_->Find(key);
  if (!holder) return std::nullopt;
  if (auto attached = holder->Attach(); !attached) {
    base::log::Error("generation cannot be attached",
                     {{"generation", holder->generation().id}, {"reason", attached.error().message}});
    auto unavailable =
        base::Unavailable("The copy of the table cannot be opened: \"" + key.schema + "." + key.table + "\"");
    unavailable.error().fault = base::Fault::kUs;
    return unavailable;
  }
  const auto* generation = &holder->generation();
  auto relation = holder->Relation();
  const auto as_of = holder->as_of();
  return Pin(std::move(holder), generation, std::move(relation), as_of);
}

std::optional<Generation> Generations::Current(const Key& key) const {
  const auto holder = impl_->Find(key);
  if (!holder) return std::nullopt;
  return holder->generation();
}

}  // namespace tarn::catalog
