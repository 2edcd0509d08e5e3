#include "engine/duck/cell_writer.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/duck/logical_types.h"
#include "engine/duck/number_value.h"
#include "engine/duck/picosecond_text.h"
#include "engine/duck/tagged_types.h"
#include "engine/encode.h"
#include "sql/ip_address.h"
#include "sql/text.h"

namespace tarn::engine {

using duckdb::LogicalTypeId;
using duckdb::PhysicalType;

namespace {

Int128 ToInt128(duckdb::hugeint_t value) { return static_cast<Int128>(value.upper) << 64 | value.lower; }

// The engine stores a UUID with its highest bit flipped, so that UUIDs sort as texts do.
UInt128 ToUuid(duckdb::hugeint_t value) {
  return static_cast<UInt128>(static_cast<std::uint64_t>(value.upper) ^ (std::uint64_t{1} << 63)) << 64 | value.lower;
}

bool IsInfinite(std::int64_t time) {
  return time == std::numeric_limits<std::int64_t>::max() || time == -std::numeric_limits<std::int64_t>::max();
}

std::string_view InfinityText(bool positive) { return positive ? "infinity" : "-infinity"; }

// The digits of fraction that a value needs, in steps of Trino's usual precisions: the engine does not keep
// the precision of a time.
int NeededDigits(std::int64_t microseconds) {
  if (microseconds % 1'000'000 == 0) return 0;
  return microseconds % 1000 == 0 ? 3 : 6;
}

std::int64_t FloorSeconds(std::int64_t microseconds) {
  const auto seconds = microseconds / 1'000'000;
  return seconds * 1'000'000 > microseconds ? seconds - 1 : seconds;
}

}  // namespace

CellWriter::CellWriter(const duckdb::LogicalType& type, std::string_view trino_type, TextStyle style)
    : style_(style), type_(type) {
  ChooseForm(type);
  SetPrecision(trino_type);
}

void CellWriter::ChooseForm(const duckdb::LogicalType& type) {
  if (type.IsJSONType()) {
    form_ = Form::kJson;
    return;
  }
  switch (TagOf(type)) {
    case Tag::kNumber: form_ = Form::kNumber; return;
    case Tag::kIpAddress: form_ = Form::kIpAddress; return;
    case Tag::kTimestamp:
      form_ = Form::kPicosecondTimestamp;
      digits_ = 12;
      return;
    case Tag::kTime:
      form_ = Form::kPicosecondTime;
      digits_ = 12;
      return;
    case Tag::kZoned:
      form_ = Form::kZoned;
      digits_ = 12;
      return;
    case Tag::kNone: break;
  }
  switch (type.id()) {
    case LogicalTypeId::SQLNULL: form_ = Form::kNull; break;
    case LogicalTypeId::BOOLEAN: form_ = Form::kBoolean; break;
    case LogicalTypeId::TINYINT: form_ = Form::kInt8; break;
    case LogicalTypeId::SMALLINT: form_ = Form::kInt16; break;
    case LogicalTypeId::INTEGER: form_ = Form::kInt32; break;
    case LogicalTypeId::BIGINT: form_ = Form::kInt64; break;
    case LogicalTypeId::UTINYINT: form_ = Form::kUint8; break;
    case LogicalTypeId::USMALLINT: form_ = Form::kUint16; break;
    case LogicalTypeId::UINTEGER: form_ = Form::kUint32; break;
    case LogicalTypeId::UBIGINT: form_ = Form::kUint64; break;
    case LogicalTypeId::HUGEINT: form_ = Form::kInt128; break;
    case LogicalTypeId::UHUGEINT: form_ = Form::kUint128; break;
    case LogicalTypeId::FLOAT: form_ = Form::kReal; break;
    case LogicalTypeId::DOUBLE: form_ = Form::kDouble; break;
    case LogicalTypeId::DATE: form_ = Form::kDate; break;
    case LogicalTypeId::TIME:
      form_ = Form::kTime;
      digits_ = 6;
      break;
    case LogicalTypeId::TIME_NS:
      form_ = Form::kTimeNanos;
      digits_ = 9;
      break;
    case LogicalTypeId::TIME_TZ:
      form_ = Form::kTimeZone;
      digits_ = 6;
      break;
    case LogicalTypeId::TIMESTAMP:
      form_ = Form::kTimestamp;
      digits_ = 6;
      break;
    case LogicalTypeId::TIMESTAMP_SEC:
      form_ = Form::kTimestampSeconds;
      digits_ = 0;
      break;
    case LogicalTypeId::TIMESTAMP_MS:
      form_ = Form::kTimestampMillis;
      digits_ = 3;
      break;
    case LogicalTypeId::TIMESTAMP_NS:
      form_ = Form::kTimestampNanos;
      digits_ = 9;
      break;
    case LogicalTypeId::TIMESTAMP_TZ:
      form_ = Form::kTimestampZone;
      digits_ = 6;
      break;
    case LogicalTypeId::INTERVAL: form_ = Form::kInterval; break;
    case LogicalTypeId::UUID: form_ = Form::kUuid; break;
    case LogicalTypeId::VARCHAR: form_ = Form::kText; break;
    case LogicalTypeId::BLOB: form_ = Form::kBinary; break;
    case LogicalTypeId::ENUM: form_ = Form::kEnum; break;
    case LogicalTypeId::DECIMAL:
      digits_ = duckdb::DecimalType::GetScale(type);
      switch (type.InternalType()) {
        case PhysicalType::INT16: form_ = Form::kDecimal16; break;
        case PhysicalType::INT32: form_ = Form::kDecimal32; break;
        case PhysicalType::INT64: form_ = Form::kDecimal64; break;
        default: form_ = Form::kDecimal128; break;
      }
      break;
    case LogicalTypeId::LIST:
      form_ = Form::kList;
      AddChild(duckdb::ListType::GetChildType(type));
      break;
    case LogicalTypeId::MAP:
      form_ = Form::kMap;
      AddChild(duckdb::MapType::KeyType(type));
      AddChild(duckdb::MapType::ValueType(type));
      break;
    case LogicalTypeId::STRUCT:
      form_ = Form::kRow;
      // CAST(ROW(1, 2) AS json) is an object whose members have no names.
      named_fields_ = style_ == TextStyle::kCast || !duckdb::StructType::IsUnnamed(type);
      for (const auto& [name, field] : duckdb::StructType::GetChildTypes(type)) {
        AddChild(field);
        std::string quoted;
        tarn::engine::AppendJsonString(name, quoted);
        field_names_.push_back(quoted + ":");
      }
      break;
    default: form_ = Form::kOther; break;
  }
}

void CellWriter::AddChild(const duckdb::LogicalType& type) {
  children_.push_back(std::make_unique<CellWriter>(type, TrinoTypeOf(type), style_));
  children_.back()->in_json_ = true;
}

void CellWriter::SetPrecision(std::string_view trino_type) {
  if (form_ == Form::kInterval && trino_type.starts_with("interval year")) form_ = Form::kYearMonth;
  const bool timed = (form_ >= Form::kTime && form_ <= Form::kTimestampZone) || is_tagged();
  if (!timed || !trino_type.starts_with("time")) return;
  const auto open = trino_type.find('(');
  if (open == std::string_view::npos) return;
  int precision = digits_;
  std::from_chars(trino_type.data() + open + 1, trino_type.data() + trino_type.size(), precision);
  if (precision >= 0 && precision <= (is_tagged() ? 12 : 9)) digits_ = precision;
}

void CellWriter::Bind(duckdb::Vector& vector, std::size_t count, ZoneClock& zone) {
  if (is_nested() || is_tagged()) vector.Flatten(count);
  BindFlat(vector, count, zone);
}

void CellWriter::BindFlat(duckdb::Vector& vector, std::size_t count, ZoneClock& zone) {
  vector_ = &vector;
  zone_ = &zone;
  format_ = duckdb::UnifiedVectorFormat();
  vector.ToUnifiedFormat(count, format_);
  if (is_nested()) BindChildren(vector, count, zone);
  if (!is_tagged()) return;
  auto& fields = duckdb::StructVector::GetEntries(vector);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields_[i] = duckdb::UnifiedVectorFormat();
    fields[i]->ToUnifiedFormat(count, fields_[i]);
  }
}

void CellWriter::BindChildren(duckdb::Vector& vector, std::size_t count, ZoneClock& zone) {
  if (form_ == Form::kList) {
    children_[0]->Bind(duckdb::ListVector::GetEntry(vector), duckdb::ListVector::GetListSize(vector), zone);
  } else if (form_ == Form::kMap) {
    const auto entries = duckdb::ListVector::GetListSize(vector);
    duckdb::ListVector::GetEntry(vector).Flatten(entries);
    children_[0]->Bind(duckdb::MapVector::GetKeys(vector), entries, zone);
    children_[1]->Bind(duckdb::MapVector::GetValues(vector), entries, zone);
  } else {
    auto& fields = duckdb::StructVector::GetEntries(vector);
    for (std::size_t i = 0; i < fields.size(); ++i) children_[i]->Bind(*fields[i], count, zone);
  }
}

void CellWriter::SetPageType(const sql::Type& type) {
  if (type.Is("interval year to month") && form_ == Form::kInterval) form_ = Form::kYearMonth;
  if (type.Is("char") && form_ == Form::kText && type.numbers.size() == 1)
    char_length_ = static_cast<std::size_t>(type.numbers[0]);
  if (form_ >= Form::kTime && form_ <= Form::kTimestampZone && type.numbers.size() == 1) {
    page_digits_ = static_cast<int>(std::clamp<std::int64_t>(type.numbers[0], 0, 12));
    digits_ = std::min(page_digits_, 9);
  }
  if (is_tagged() && type.numbers.size() == 1)
    digits_ = static_cast<int>(std::clamp<std::int64_t>(type.numbers[0], 0, 12));
  if (type.children.size() != children_.size()) return;
  for (std::size_t i = 0; i < children_.size(); ++i) children_[i]->SetPageType(type.children[i]);
}

FastCells CellWriter::Fast(CellForm form) const {
  const bool plain = form != CellForm::kPage || (char_length_ == 0 && page_digits_ <= 6);
  FastCells cells{
      .write = plain ? FastWriteOf(type_, form) : nullptr, .is_text = form_ == Form::kText, .digits = digits_};
  cells.values = format_.data;
  cells.places = format_.sel->IsSet() ? format_.sel->data() : nullptr;
  cells.nulls = format_.validity.AllValid() ? nullptr : &format_.validity;
  return cells;
}

char* CellWriter::WritePlain(std::size_t at, char* to) {
  return form_ < Form::kDate ? WriteNumber(at, to) : WriteTemporal(at, to);
}

char* CellWriter::WriteNumber(std::size_t at, char* to) {
  switch (form_) {
    case Form::kBoolean: return WriteText(to, Value<bool>(at) ? "true" : "false");
    case Form::kInt8: return WriteInteger(to, Value<std::int8_t>(at));
    case Form::kInt16: return WriteInteger(to, Value<std::int16_t>(at));
    case Form::kInt32: return WriteInteger(to, Value<std::int32_t>(at));
    case Form::kInt64: return WriteInteger(to, Value<std::int64_t>(at));
    case Form::kUint8: return WriteInteger(to, Value<std::uint8_t>(at));
    case Form::kUint16: return WriteInteger(to, Value<std::uint16_t>(at));
    case Form::kUint32: return WriteInteger(to, Value<std::uint32_t>(at));
    case Form::kUint64: return WriteInteger(to, Value<std::uint64_t>(at));
    case Form::kInt128: return WriteInt128(to, ToInt128(Value<duckdb::hugeint_t>(at)));
    case Form::kUint128: return WriteText(to, Value<duckdb::uhugeint_t>(at).ToString());
    case Form::kDecimal16: return WriteDecimal(to, std::int64_t{Value<std::int16_t>(at)}, digits_);
    case Form::kDecimal32: return WriteDecimal(to, std::int64_t{Value<std::int32_t>(at)}, digits_);
    case Form::kDecimal64: return WriteDecimal(to, Value<std::int64_t>(at), digits_);
    case Form::kDecimal128: return WriteDecimal(to, ToInt128(Value<duckdb::hugeint_t>(at)), digits_);
    case Form::kReal:
      return style_ != TextStyle::kCast || in_json_ ? WriteReal(to, Value<float>(at))
                                                    : WriteRealScientific(to, Value<float>(at));
    default:
      return style_ != TextStyle::kCast || in_json_ ? WriteDouble(to, Value<double>(at))
                                                    : WriteDoubleScientific(to, Value<double>(at));
  }
}

char* CellWriter::WriteTemporal(std::size_t at, char* to) {
  const auto timestamp = [&](std::int64_t factor) {
    const auto value = Value<std::int64_t>(at);
    if (IsInfinite(value)) return WriteText(to, InfinityText(value > 0));
    const auto digits = DigitsOf(value * factor);
    return PadFraction(WriteTimestamp(to, value * factor, digits), digits);
  };
  if (is_tagged()) return WriteTagged(at, to);
  switch (form_) {
    case Form::kDate: {
      const auto days = Value<std::int32_t>(at);
      constexpr auto kInfinite = std::numeric_limits<std::int32_t>::max();
      if (days == kInfinite || days == -kInfinite) return WriteText(to, InfinityText(days > 0));
      return WriteDate(to, days);
    }
    case Form::kTime: {
      const auto value = Value<std::int64_t>(at);
      const auto digits = DigitsOf(value);
      return PadFraction(WriteTimeOfDay(to, value * 1000, digits), digits);
    }
    case Form::kTimeNanos: return PadFraction(WriteTimeOfDay(to, Value<std::int64_t>(at), digits_), digits_);
    case Form::kTimeZone: {
      const auto value = Value<duckdb::dtime_tz_t>(at);
      const auto digits = DigitsOf(value.time().micros);
      to = PadFraction(WriteTimeOfDay(to, value.time().micros * 1000, digits), digits);
      return WriteOffset(to, value.offset());
    }
    case Form::kTimestamp: return timestamp(1);
    case Form::kTimestampSeconds: return timestamp(1'000'000);
    case Form::kTimestampMillis: return timestamp(1000);
    case Form::kTimestampNanos: {
      const auto value = Value<std::int64_t>(at);
      if (IsInfinite(value)) return WriteText(to, InfinityText(value > 0));
      return PadFraction(WriteTimestampNanos(to, value, digits_), digits_);
    }
    case Form::kTimestampZone: return WriteZoned(Value<std::int64_t>(at), to);
    case Form::kUuid: return WriteUuid(to, ToUuid(Value<duckdb::hugeint_t>(at)));
    case Form::kYearMonth: return WriteYearToMonth(to, Value<duckdb::interval_t>(at).months);
    default: {
      const auto& interval = Value<duckdb::interval_t>(at);
      if (interval.months != 0 && interval.days == 0 && interval.micros == 0)
        return WriteYearToMonth(to, interval.months);
      return WriteDayToSecond(to, interval.days + interval.months * 30, interval.micros);
    }
  }
}

int CellWriter::DigitsOf(std::int64_t microseconds) const {
  if (style_ == TextStyle::kCast) return NeededDigits(microseconds);
  return digits_ > 6 ? 6 : digits_;
}

char* CellWriter::PadFraction(char* to, int written) const {
  if (written == 0 && page_digits_ > 0) *to++ = '.';
  for (int i = written; i < page_digits_; ++i) *to++ = '0';
  return to;
}

char* CellWriter::WriteZoned(std::int64_t microseconds, char* to) {
  if (IsInfinite(microseconds)) return WriteText(to, InfinityText(microseconds > 0));
  const auto offset = zone_->OffsetAt(FloorSeconds(microseconds));
  const auto digits = DigitsOf(microseconds);
  to = PadFraction(WriteTimestamp(to, microseconds + offset * 1'000'000, digits), digits);
  *to++ = ' ';
  return WriteText(to, zone_->name());
}

char* CellWriter::WriteTagged(std::size_t at, char* to) {
  const auto first = fields_[0].sel->get_index(at);
  switch (form_) {
    case Form::kNumber: {
      const auto& key = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(fields_[0])[first];
      return WriteText(to, NumberValue::OfKey({key.GetData(), key.GetSize()}).Text());
    }
    case Form::kIpAddress: {
      const auto& bytes = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(fields_[0])[first];
      return WriteText(to, sql::IpAddressText(*sql::IpAddressOfBytes({bytes.GetData(), bytes.GetSize()})));
    }
    case Form::kPicosecondTime:
      return WritePicosecondTime(to, duckdb::UnifiedVectorFormat::GetData<std::int64_t>(fields_[0])[first], digits_);
    default: break;
  }
  const auto time = ToInt128(duckdb::UnifiedVectorFormat::GetData<duckdb::hugeint_t>(fields_[0])[first]);
  if (form_ == Form::kPicosecondTimestamp) return WritePicosecondTimestamp(to, time, digits_);
  const auto& zone = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(fields_[1])[fields_[1].sel->get_index(at)];
  return WriteOwnZone(time, {zone.GetData(), zone.GetSize()}, to);
}

char* CellWriter::WriteOwnZone(Int128 picoseconds, std::string_view zone, char* to) {
  if (!own_zone_ || own_zone_->name() != zone) own_zone_ = std::make_unique<ZoneClock>(std::string(zone));
  constexpr Int128 kSecond = 1'000'000'000'000;
  const auto seconds = picoseconds / kSecond - (picoseconds % kSecond < 0 ? 1 : 0);
  const auto offset = own_zone_->OffsetAt(static_cast<std::int64_t>(seconds));
  to = WritePicosecondTimestamp(to, picoseconds + offset * kSecond, digits_);
  *to++ = ' ';
  return WriteText(to, zone);
}

void CellWriter::AppendUnquotedText(std::size_t row, TextBuffer& out) {
  const auto at = format_.sel->get_index(row);
  switch (form_) {
    case Form::kText:
    case Form::kJson: {
      const auto& text = Value<duckdb::string_t>(at);
      out.Append(std::string_view(text.GetData(), text.GetSize()));
      return;
    }
    case Form::kBinary: {
      const auto& bytes = Value<duckdb::string_t>(at);
      AppendBase64({bytes.GetData(), bytes.GetSize()}, out);
      return;
    }
    default: out.Append(vector_->GetValue(row).ToString()); return;
  }
}

void CellWriter::AppendText(std::size_t row, TextBuffer& out) {
  if (is_plain()) {
    out.AdvanceTo(WritePlain(format_.sel->get_index(row), out.Room(kLongestValue + zone_->name().size())));
  } else if (is_nested()) {
    AppendNested(row, out);
  } else {
    AppendUnquotedText(row, out);
  }
}

// A text in a JSON document of the protocol; within a cast to json, Trino's own way of escaping counts.
constexpr void (*kPlainString)(std::string_view, TextBuffer&) = AppendJsonString;

void CellWriter::AppendQuoted(std::size_t row, TextBuffer& out) {
  if (is_plain()) {
    char* to = out.Room(kLongestValue + zone_->name().size());
    *to++ = '"';
    to = WritePlain(format_.sel->get_index(row), to);
    *to++ = '"';
    out.AdvanceTo(to);
  } else if (form_ == Form::kText) {
    const auto& text = Value<duckdb::string_t>(format_.sel->get_index(row));
    (style_ == TextStyle::kCast ? AppendTrinoJsonString : kPlainString)({text.GetData(), text.GetSize()}, out);
  } else {
    scratch_.Clear();
    AppendText(row, scratch_);
    AppendJsonString(scratch_.text(), out);
  }
}

// Whether the plain text of the value is a JSON number or boolean.
bool CellWriter::IsJsonNumber(std::size_t at) const {
  if (form_ == Form::kReal) return std::isfinite(Value<float>(at));
  if (form_ == Form::kDouble) return std::isfinite(Value<double>(at));
  return form_ < Form::kDate;
}

void CellWriter::AppendJson(std::size_t row, TextBuffer& out) {
  if (form_ == Form::kNull || IsNull(row)) {
    out.Append("null");
  } else if (is_nested()) {
    AppendNested(row, out);
  } else if (form_ == Form::kJson || (is_plain() && IsJsonNumber(format_.sel->get_index(row)))) {
    AppendText(row, out);
  } else {
    AppendQuoted(row, out);
  }
}

void CellWriter::AppendTyped(std::size_t row, TextBuffer& out) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  const auto at = format_.sel->get_index(row);
  const bool wide = (form_ >= Form::kUint64 && form_ <= Form::kDecimal128) || form_ == Form::kJson ||
                    (form_ == Form::kInt64 && (Value<std::int64_t>(at) > kExact || Value<std::int64_t>(at) < -kExact));
  if (wide) {
    AppendQuoted(row, out);
  } else {
    AppendJson(row, out);
  }
}

void CellWriter::AppendNested(std::size_t row, TextBuffer& out) {
  const auto at = format_.sel->get_index(row);
  if (form_ == Form::kRow) {
    out.Append(named_fields_ ? '{' : '[');
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (i > 0) out.Append(',');
      if (named_fields_) out.Append(field_names_[i]);
      children_[i]->AppendJson(at, out);
    }
    out.Append(named_fields_ ? '}' : ']');
    return;
  }
  const auto& range = Value<duckdb::list_entry_t>(at);
  out.Append(form_ == Form::kMap ? '{' : '[');
  for (auto i = range.offset; i < range.offset + range.length; ++i) {
    if (i > range.offset) out.Append(',');
    if (form_ == Form::kMap) {
      children_[0]->AppendQuoted(i, out);
      out.Append(':');
    }
    children_.back()->AppendJson(i, out);
  }
  out.Append(form_ == Form::kMap ? '}' : ']');
}

void CellWriter::AppendPage(std::size_t row, TextBuffer& out) {
  if (form_ == Form::kNull || IsNull(row)) {
    out.Append("null");
    return;
  }
  if (is_nested()) return AppendPageNested(row, out);
  const auto at = format_.sel->get_index(row);
  const bool is_number = (form_ < Form::kInt128 || form_ == Form::kReal || form_ == Form::kDouble) && IsJsonNumber(at);
  if (is_number) {
    AppendText(row, out);
  } else if (char_length_ != 0) {
    AppendPageKey(row, out);
  } else {
    AppendQuoted(row, out);
  }
}

void CellWriter::AppendPageNested(std::size_t row, TextBuffer& out) {
  const auto at = format_.sel->get_index(row);
  if (form_ == Form::kRow) {
    out.Append('[');
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (i > 0) out.Append(',');
      children_[i]->AppendPage(at, out);
    }
    out.Append(']');
    return;
  }
  const auto& range = Value<duckdb::list_entry_t>(at);
  out.Append(form_ == Form::kMap ? '{' : '[');
  for (auto i = range.offset; i < range.offset + range.length; ++i) {
    if (i > range.offset) out.Append(',');
    if (form_ == Form::kMap) {
      children_[0]->AppendPageKey(i, out);
      out.Append(':');
    }
    children_.back()->AppendPage(i, out);
  }
  out.Append(form_ == Form::kMap ? '}' : ']');
}

void CellWriter::AppendPageKey(std::size_t row, TextBuffer& out) {
  scratch_.Clear();
  AppendJavaText(row, scratch_);
  AppendJsonString(scratch_.text(), out);
}

// As Java's toString gives it, which is what names the entries of a map.
void CellWriter::AppendJavaText(std::size_t row, TextBuffer& out) {
  if (form_ == Form::kNull || IsNull(row)) {
    out.Append("null");
    return;
  }
  if (!is_nested()) {
    const auto start = out.text().size();
    AppendText(row, out);
    for (auto length = sql::CountCodePoints(out.text().substr(start)); length < char_length_; ++length) out.Append(' ');
    return;
  }
  const auto at = format_.sel->get_index(row);
  const auto range = form_ == Form::kRow ? duckdb::list_entry_t(0, children_.size()) : Value<duckdb::list_entry_t>(at);
  out.Append(form_ == Form::kMap ? '{' : '[');
  for (auto i = range.offset; i < range.offset + range.length; ++i) {
    if (i > range.offset) out.Append(", ");
    if (form_ == Form::kRow) {
      children_[i]->AppendJavaText(at, out);
      continue;
    }
    if (form_ == Form::kMap) {
      children_[0]->AppendJavaText(i, out);
      out.Append('=');
    }
    children_.back()->AppendJavaText(i, out);
  }
  out.Append(form_ == Form::kMap ? '}' : ']');
}

}  // namespace tarn::engine
