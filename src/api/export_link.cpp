#include "api/export_link.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>
#include <fstream>
#include <memory>

namespace tarn::api {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr std::chrono::seconds kDownloadDeadline = std::chrono::hours(12);

// A token is sealed for one export alone.
std::string Purpose(const std::string& id) { return "export-link:" + id; }

std::string Escaped(const std::string& text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

std::unexpected<base::Error> NotGood() {
  base::Error error{.kind = base::ErrorKind::kPermissionDenied,
                    .message = "The link is not one of Tarn's, or its time is over: read the export for a new one"};
  error.fault = base::Fault::kCaller;
  return std::unexpected(std::move(error));
}

base::Result<void> CheckToken(const Parts& parts, const http::Context& context) {
  const auto& values = context.query_values();
  const auto token = std::ranges::find(values, "token", &std::pair<std::string, std::string>::first);
  if (token == values.end()) return NotGood();
  const auto opened = parts.vault.Open(token->second, Purpose(context.Path("exportId")));
  if (!opened) return NotGood();
  const std::string_view text = opened->Reveal();
  std::int64_t expires = 0;
  std::from_chars(text.data(), text.data() + text.size(), expires);
  if (expires <= parts.clock.Now().time_since_epoch().count()) return NotGood();
  return {};
}

std::string ContentType(std::string_view name) {
  if (name.ends_with(".csv")) return "text/csv; charset=utf-8";
  if (name.ends_with(".jsonl")) return "application/x-ndjson";
  if (name.ends_with(".gz")) return "application/gzip";
  if (name.ends_with(".zst")) return "application/zstd";
  return "application/octet-stream";
}

base::Result<http::Reply> Download(const Parts& parts, const http::Context& context) {
  TARN_RETURN_IF_ERROR(CheckToken(parts, context));
  TARN_ASSIGN_OR_RETURN(const auto path, parts.exports.FileOf(context.Path("exportId")));
  const auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*file) return base::NotFound("The file of the export is gone");
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(path, failed);
  if (failed) return base::NotFound("The file of the export is gone");
  const auto& name = context.Path("fileName");
  return http::Reply{.status = 200,
                     .content_type = ContentType(name),
                     .body = [file, left = bytes](std::string& out) mutable -> base::Result<bool> {
                       const auto size = std::min<std::uintmax_t>(left, kPieceBytes);
                       const auto start = out.size();
                       out.resize(start + size);
                       file->read(out.data() + start, static_cast<std::streamsize>(size));
                       if (file->gcount() != static_cast<std::streamsize>(size))
                         return base::Internal("A file of an export is not as long as it was");
                       left -= size;
                       return left > 0;
                     },
                     .headers = {{"Content-Disposition", "attachment; filename=\"" + Escaped(name) + "\""},
                                 {"Cache-Control", "private, no-store"}}};
}

}  // namespace

std::string ExportLink(const Parts& parts, const http::Context& context, const store::Export& row,
                       base::SystemTime expires) {
  const auto token = parts.vault.Seal(std::to_string(expires.time_since_epoch().count()), Purpose(row.id));
  return http::BaseUrl(context, parts.address) + "/exports/" + row.id + "/" + Escaped(row.file_name) +
         "?token=" + Escaped(token);
}

http::RawRoute ExportDownload(Parts& parts) {
  return {.id = "exportDownload",
          .path = "/exports/{exportId}/{fileName}",
          .run = [&parts](const http::Context& context) { return Download(parts, context); },
          .deadline = kDownloadDeadline};
}

}  // namespace tarn::api
