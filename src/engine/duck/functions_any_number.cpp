// The type number: operators, casts, tests and sums.
#include <cmath>
#include <limits>
#include <utility>

#include "engine/duck/decimal_math.h"
#include "engine/duck/number_functions.h"
#include "engine/duck/row_function.h"
#include "engine/duck/tagged_functions.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;

NumberValue ValueOf(std::string_view key) { return NumberValue::OfKey(key); }

// f(NumberValue) -> NumberValue on keys.
template <class F>
Expr MapNumber(const Expansion& e, const std::string& name, Expr number, const F& f) {
  auto function =
      RowFunctionOf<Bytes, BytesView>(name, [f](BytesView key) { return Bytes{f(ValueOf(key.value)).Key()}; });
  return Pack(e, Tag::kNumber, e.Run(std::move(function), Unpack(e, std::move(number))));
}

template <class T, class F>
Expr OfNumber(const Expansion& e, const std::string& name, Expr number, const F& f) {
  auto function = RowFunctionOf<T, BytesView>(name, [f](BytesView key) { return f(ValueOf(key.value)); });
  return e.Run(std::move(function), Unpack(e, std::move(number)));
}

NumberValue OfText(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  const auto last = text.find_last_not_of(" \t\n\r");
  const auto bare = first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
  auto value = NumberValue::OfText(bare);
  if (!value)
    Fail("INVALID_CAST_ARGUMENT", "Cannot cast value to number: \"" + std::string(text.substr(0, 100)) + "\"");
  return *std::move(value);
}

void NeedNumber(const NumberValue& value, const std::string& type) {
  if (!value.IsFinite()) Fail("INVALID_CAST_ARGUMENT", "Cannot cast number to " + type + ": " + value.Text());
}

bool IsExact(const LogicalType& type) { return type.IsIntegral() || type.id() == LogicalTypeId::DECIMAL; }

}  // namespace

Expr ToNumber(const Expansion& e, Expr value) {
  const auto type = value->return_type;
  if (IsNumber(type)) return value;
  if (type.id() == LogicalTypeId::SQLNULL) return e.Cast(std::move(value), TaggedType(Tag::kNumber));
  if (type.id() == LogicalTypeId::BOOLEAN) value = e.Cast(std::move(value), LogicalType::INTEGER);
  if (IsExact(value->return_type)) {
    const auto scale = DecimalShape::Of(value->return_type).scale;
    const auto wide = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(scale));
    duckdb::ScalarFunction function("trino_decimal_to_number_" + std::to_string(scale), {wide}, LogicalType::BLOB,
                                    [scale](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                      duckdb::UnaryExecutor::Execute<duckdb::hugeint_t, string_t>(
                                          in.data[0], out, in.size(), [&](duckdb::hugeint_t digits) {
                                            return duckdb::StringVector::AddStringOrBlob(
                                                out, NumberValue::OfInt128(ToInt128(digits), scale).Key());
                                          });
                                    });
    function.SetFallible();
    return Pack(e, Tag::kNumber, e.Run(std::move(function), e.Cast(std::move(value), wide)));
  }
  if (type.id() == LogicalTypeId::DOUBLE) {
    auto function = RowFunctionOf<Bytes, double>(
        "trino_double_to_number", [](double number) { return Bytes{NumberValue::OfDouble(number).Key()}; });
    return Pack(e, Tag::kNumber, e.Run(std::move(function), std::move(value)));
  }
  if (type.id() == LogicalTypeId::FLOAT) Fail("NOT_SUPPORTED", "A cast of real to number is not supported");
  if (type.id() != LogicalTypeId::VARCHAR || type.IsJSONType())
    Fail("NOT_SUPPORTED", "A cast of this type to number is not supported");
  auto function = RowFunctionOf<Bytes, std::string_view>(
      "trino_text_to_number", [](std::string_view text) { return Bytes{OfText(text).Key()}; });
  return Pack(e, Tag::kNumber, e.Run(std::move(function), std::move(value)));
}

Expr NumberOperator(Expansion& e, char name) {
  using Operator = NumberValue (*)(const NumberValue&, const NumberValue&);
  Operator run = NumberValue::Sum;
  switch (name) {
    case '*': run = NumberValue::Product; break;
    case '/': run = NumberValue::Quotient; break;
    case '%': run = NumberValue::Remainder; break;
    default: break;
  }
  const bool minus = name == '-';
  auto function = RowFunctionOf<Bytes, BytesView, BytesView>(
      std::string("trino_number_") + name, [run, minus](BytesView a, BytesView b) {
        const auto right = ValueOf(b.value);
        return Bytes{run(ValueOf(a.value), minus ? right.Negated() : right).Key()};
      });
  auto left = Unpack(e, ToNumber(e, e.Take(0)));
  return Pack(e, Tag::kNumber, e.Run(std::move(function), std::move(left), Unpack(e, ToNumber(e, e.Take(1)))));
}

Expr NegateNumber(Expansion& e) {
  return MapNumber(e, "trino_number_negate", e.Take(0), [](const NumberValue& value) { return value.Negated(); });
}

Expr RoundNumber(Expansion& e, NumberRounding how) {
  const auto name = "trino_number_round_" + std::to_string(static_cast<int>(how));
  if (e.size() == 1) {
    return MapNumber(e, name, e.Take(0), [how](const NumberValue& value) { return value.Rounded(0, how); });
  }
  auto function = RowFunctionOf<Bytes, BytesView, std::int64_t>(
      name + "_at",
      [how](BytesView key, std::int64_t digits) { return Bytes{ValueOf(key.value).Rounded(digits, how).Key()}; });
  auto number = Unpack(e, e.Take(0));
  return Pack(e, Tag::kNumber, e.Run(std::move(function), std::move(number), e.Cast(e.Take(1), LogicalType::BIGINT)));
}

Expr SignOfNumber(Expansion& e) {
  return MapNumber(e, "trino_number_sign", e.Take(0), [](const NumberValue& value) {
    return value.IsNaN() ? value : NumberValue::OfInt128(value.Sign(), 0);
  });
}

Expr NumberToInteger(Expansion& e, const LogicalType& type, const std::string& name) {
  auto whole = OfNumber<std::int64_t>(e, "trino_number_to_" + name, e.Take(0), [name](const NumberValue& value) {
    NeedNumber(value, name);
    const auto digits = value.ToDecimal(0);
    if (!digits || *digits < std::numeric_limits<std::int64_t>::min() ||
        *digits > std::numeric_limits<std::int64_t>::max())
      Fail("INVALID_CAST_ARGUMENT", "Cannot cast number to " + name + ": " + value.Text());
    return static_cast<std::int64_t>(*digits);
  });
  return e.Cast(std::move(whole), type);
}

Expr NumberToDecimal(Expansion& e, const LogicalType& type) {
  const int precision = duckdb::DecimalType::GetWidth(type);
  const int scale = duckdb::DecimalType::GetScale(type);
  const auto wide = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(scale));
  const auto name = "decimal(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
  duckdb::ScalarFunction function(
      "trino_number_to_" + name, {LogicalType::BLOB}, wide,
      [precision, scale, name](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        duckdb::UnaryExecutor::Execute<string_t, duckdb::hugeint_t>(in.data[0], out, in.size(), [&](string_t key) {
          const auto value = ValueOf(View(key));
          NeedNumber(value, name);
          const auto digits = value.ToDecimal(scale);
          if (!digits || *digits >= PowerOfTen(precision) || *digits <= -PowerOfTen(precision))
            Fail("INVALID_CAST_ARGUMENT", "Cannot cast number to " + name + ": " + value.Text());
          return FromInt128(*digits);
        });
      });
  function.SetFallible();
  return e.Cast(e.Run(std::move(function), Unpack(e, e.Take(0))), type);
}

Expr NumberToDouble(Expansion& e) {
  return OfNumber<double>(e, "trino_number_to_double", e.Take(0),
                          [](const NumberValue& value) { return value.ToDouble(); });
}

Expr NumberToBoolean(Expansion& e) {
  return OfNumber<bool>(e, "trino_number_to_boolean", e.Take(0), [](const NumberValue& value) {
    NeedNumber(value, "boolean");
    return value.Sign() != 0;
  });
}

namespace {

Expr CastNumber(Expansion& e) { return ToNumber(e, e.Take(0)); }

// For comparison: what the reference says of NaN there was not verified.
Expr ComparableNumber(Expansion& e) {
  auto number = ToNumber(e, e.Take(0));
  return MapNumber(e, "trino_number_comparable", std::move(number), [](const NumberValue& value) {
    if (value.IsNaN()) Fail("NOT_SUPPORTED", "Comparison with NaN of the type number is not supported");
    return value;
  });
}

// The absolute value; other types are the engine's.
Expr Absolute(Expansion& e) {
  return MapNumber(e, "trino_number_abs", e.Take(0),
                   [](const NumberValue& value) { return value.Sign() < 0 ? value.Negated() : value; });
}

Expr IsNumberFinite(Expansion& e) {
  return OfNumber<bool>(e, "trino_number_finite", e.Take(0), [](const NumberValue& value) { return value.IsFinite(); });
}
Expr IsNumberInfinite(Expansion& e) {
  return OfNumber<bool>(e, "trino_number_infinite", e.Take(0),
                        [](const NumberValue& value) { return !value.IsFinite() && !value.IsNaN(); });
}
Expr IsNumberNaN(Expansion& e) {
  return OfNumber<bool>(e, "trino_number_nan", e.Take(0), [](const NumberValue& value) { return value.IsNaN(); });
}

// A list of keys; NULLs do not count, and nothing has no sum.
Expr SumOfNumbers(Expansion& e) {
  const auto list = LogicalType::LIST(TaggedType(Tag::kNumber));
  if (e.Type(0) != list) Fail("TYPE_MISMATCH", "A sum of numbers needs a list of them");
  duckdb::ScalarFunction function(
      "trino_number_sum_of", {list}, LogicalType::BLOB,
      [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        const auto rows = in.size();
        in.data[0].Flatten(rows);
        auto& entries = duckdb::ListVector::GetEntry(in.data[0]);
        entries.Flatten(duckdb::ListVector::GetListSize(in.data[0]));
        auto& keys = *duckdb::StructVector::GetEntries(entries)[0];
        duckdb::UnifiedVectorFormat format;
        keys.ToUnifiedFormat(duckdb::ListVector::GetListSize(in.data[0]), format);
        out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
        for (duckdb::idx_t row = 0; row < rows; ++row) {
          if (duckdb::FlatVector::IsNull(in.data[0], row)) {
            duckdb::FlatVector::SetNull(out, row, true);
            continue;
          }
          const auto range = duckdb::FlatVector::GetData<duckdb::list_entry_t>(in.data[0])[row];
          std::optional<NumberValue> sum;
          for (auto i = range.offset; i < range.offset + range.length; ++i) {
            const auto at = format.sel->get_index(i);
            if (duckdb::FlatVector::IsNull(entries, i) || !format.validity.RowIsValid(at)) continue;
            const auto value = ValueOf(View(duckdb::UnifiedVectorFormat::GetData<string_t>(format)[at]));
            sum = sum ? NumberValue::Sum(*sum, value) : value;
          }
          if (sum)
            duckdb::FlatVector::GetData<string_t>(out)[row] = duckdb::StringVector::AddStringOrBlob(out, sum->Key());
          else
            duckdb::FlatVector::SetNull(out, row, true);
        }
      });
  function.SetFallible();
  return Pack(e, Tag::kNumber, e.Run(std::move(function), e.Take(0)));
}

}  // namespace

void RegisterAnyNumbers(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_cast_number", {1}, Expanding<CastNumber>);
  RegisterExpander(loader, "trino_number_comparable", {1}, Expanding<ComparableNumber>);
  RegisterExpander(loader, "trino_number_abs", {1}, Expanding<Absolute>);
  RegisterExpander(loader, "trino_number_is_finite", {1}, Expanding<IsNumberFinite>);
  RegisterExpander(loader, "trino_number_is_infinite", {1}, Expanding<IsNumberInfinite>);
  RegisterExpander(loader, "trino_number_is_nan", {1}, Expanding<IsNumberNaN>);
  RegisterExpander(loader, "trino_number_sum", {1}, Expanding<SumOfNumbers>);
}

}  // namespace tarn::engine
