#include "exports/file_sink.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace tarn::exports {

namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, with gzip's head and tail
constexpr int kGzipMemory = 9;
constexpr int kGzipLevel = 4;  // half the time of the default for a few percent more bytes
constexpr int kZstdLevel = 3;
constexpr std::size_t kPiece = std::size_t{1} << 17;

std::unexpected<base::Error> NotWritten(int error) {
  if (error == ENOSPC || error == EDQUOT) return base::ResourceExhausted("The disk is full");
  auto failed = base::Unavailable("The file cannot be written");
  failed.error().fault = base::Fault::kUs;
  return failed;
}

}  // namespace

// Compresses what it is given, piece by piece.
class FileSink::Coder {
 public:
  virtual ~Coder() = default;
  // Appends to `out` what is ready of the bytes; all of it and the end where `last`.
  virtual base::Result<void> Code(std::string_view bytes, bool last, std::string& out) = 0;
};

class FileSink::GzipCoder final : public Coder {
 public:
  GzipCoder() {
    started_ = deflateInit2(&state_, kGzipLevel, Z_DEFLATED, kGzipWindow, kGzipMemory, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipCoder() override {
    if (started_) deflateEnd(&state_);
  }

  base::Result<void> Code(std::string_view bytes, bool last, std::string& out) override {
    if (!started_) return base::ResourceExhausted("There is no memory to compress with");
    do {
      const auto part = bytes.substr(0, std::numeric_limits<uInt>::max());
      bytes.remove_prefix(part.size());
      state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
      state_.avail_in = static_cast<uInt>(part.size());
      Drain(last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH, out);
    } while (!bytes.empty());
    return {};
  }

 private:
  void Drain(int flush, std::string& out) {
    do {
      state_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      state_.avail_out = static_cast<uInt>(piece_.size());
      deflate(&state_, flush);
      out.append(piece_.data(), piece_.size() - state_.avail_out);
    } while (state_.avail_out == 0);
  }

  z_stream state_{};
  bool started_ = false;
  std::array<char, kPiece> piece_{};
};

class FileSink::ZstdCoder final : public Coder {
 public:
  ZstdCoder() : context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) return;
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdCoder() override { ZSTD_freeCCtx(context_); }

  base::Result<void> Code(std::string_view bytes, bool last, std::string& out) override {
    if (context_ == nullptr) return base::ResourceExhausted("There is no memory to compress with");
    ZSTD_inBuffer in{.src = bytes.data(), .size = bytes.size(), .pos = 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer piece{.dst = piece_.data(), .size = piece_.size(), .pos = 0};
      left = ZSTD_compressStream2(context_, &piece, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) return base::Internal("Compressing failed");
      out.append(piece_.data(), piece.pos);
    } while (last ? left > 0 : in.pos < in.size);
    return {};
  }

 private:
  ZSTD_CCtx* const context_;
  std::array<char, kPiece> piece_{};
};

FileSink::FileSink(int file, std::unique_ptr<Coder> coder) : file_(file), coder_(std::move(coder)) {}

FileSink::~FileSink() { ::close(file_); }

base::Result<std::unique_ptr<FileSink>> FileSink::Create(const std::filesystem::path& file, Compression compression) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (opened < 0) return NotWritten(errno);
  std::unique_ptr<Coder> coder;
  if (compression == Compression::kGzip) coder = std::make_unique<GzipCoder>();
  if (compression == Compression::kZstd) coder = std::make_unique<ZstdCoder>();
  return std::unique_ptr<FileSink>(new FileSink(opened, std::move(coder)));
}

base::Result<void> FileSink::Put(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return NotWritten(errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

base::Result<void> FileSink::Write(std::string_view bytes) {
  if (!coder_) return Put(bytes);
  coded_.clear();
  TARN_RETURN_IF_ERROR(coder_->Code(bytes, false, coded_));
  return Put(coded_);
}

base::Result<void> FileSink::Finish() {
  if (!coder_) return {};
  coded_.clear();
  TARN_RETURN_IF_ERROR(coder_->Code({}, true, coded_));
  return Put(coded_);
}

}  // namespace tarn::exports
