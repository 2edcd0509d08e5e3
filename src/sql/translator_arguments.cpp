// Which signature a call means, its arguments converted to it, and templates filled in.
#include <algorithm>

#include "sql/coercion.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

bool IsWord(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsPlainName(std::string_view text) { return std::ranges::all_of(text, IsWord); }

std::string_view WordAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && IsWord(text[end])) ++end;
  return text.substr(at, end - at);
}

// What stands between the braces after $n, divided by semicolons; nullopt where the template has no such part.
std::optional<std::vector<std::string>> BodyParameters(std::string_view pattern, std::size_t argument) {
  const std::string start = "$" + std::to_string(argument + 1) + "{";
  const auto open = pattern.find(start);
  if (open == std::string_view::npos) return std::nullopt;
  const auto inside = pattern.substr(open + start.size(), pattern.find('}', open) - open - start.size());
  std::vector<std::string> parts(1);
  for (const char c : inside) {
    if (c == ';')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string TypeList(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : ", ") + (type.known() ? ToText(type) : "?");
  return text;
}

// The argument whose values the function compares by their order.
std::optional<std::size_t> OrderedArgument(std::string_view name, std::size_t count) {
  if (name == "max" || name == "min" || name == "greatest" || name == "least" || name == "array_max" ||
      name == "array_min")
    return 0;
  if (name == "array_sort" && count == 1) return 0;
  if (name == "max_by" || name == "min_by") return 1;
  return std::nullopt;
}

}  // namespace

SqlText Translator::Convert(const SqlText& value, const Type& from, const Type& to) const {
  if (!from.known() || !to.known() || from == to) return value;
  if (IsTagged(from) || IsTagged(to)) return ConvertTagged(value, from, to);
  const bool local = from.Is("date") || from.Is("timestamp");
  if (local && to.Is("timestamp with time zone") && !IsPlainZone({})) return FromLocal(value, {});
  if (from.Is("char") && to.Is("varchar")) {
    SqlText padded;
    return padded.Add("rpad(").Add(value).Add(", " + std::to_string(from.numbers[0]) + ", ' ')");
  }
  const auto target = ToEngineType(to);
  if (!target || target == ToEngineType(from)) return value;
  SqlText converted;
  return converted.Add("CAST(").Add(value).Add(" AS ").Add(*target).Add(")");
}

// Conversion from or to a type that the engine has none for.
SqlText Translator::ConvertTagged(const SqlText& value, const Type& from, const Type& to) const {
  const auto target = ToEngineType(to);
  if (!target || target == ToEngineType(from)) return value;
  const auto call = [&](std::string_view function, const std::string& rest) {
    SqlText sql;
    return sql.Add(function).Add("(").Add(value).Add(rest).Add(")");
  };
  const std::string precision = to.numbers.empty() ? "" : ", " + std::to_string(to.numbers[0]);
  if (from.Is("unknown")) return SqlText("CAST(NULL AS " + *target + ")");
  if (to.Is("number")) return call("trino_cast_number", "");
  if (CarriesZone(to) && from.Is("timestamp with time zone"))
    return call("trino_zoned", ", " + QuoteLiteral(ZoneOf(from)));
  if (CarriesZone(to)) return call("trino_zoned_of_local", ", " + QuoteLiteral(session_.time_zone));
  if (to.Is("timestamp with time zone")) {
    if (CarriesZone(from)) return call("trino_zoned_micros", "");
    return FromLocal(value, {});
  }
  if (to.Is("timestamp")) return call("trino_cast_timestamp", precision);
  if (to.Is("time")) return call("trino_cast_time", precision);
  return value;
}

bool Translator::WriteLambdaArguments(const Call& call, const Candidate& candidate, const Context& context,
                                      ResolvedCall& resolved, Written& into) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.arguments[i]->kind != ExpressionKind::kLambda) continue;
    const auto& lambda = As<Lambda>(*call.arguments[i]);
    const TypePattern& pattern = candidate.signature->Argument(i);
    const std::size_t count = pattern.children.size() - 1;
    if (lambda.parameters.size() != count) {
      Fail(call.position,
           "Unexpected number of parameters of a lambda: expected " + std::to_string(count) + ", found " +
               std::to_string(lambda.parameters.size()),
           "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
      return false;
    }
    auto texts = BodyParameters(candidate.engine, i);
    const bool whole = !texts;
    if (whole) {
      texts.emplace();
      for (std::size_t j = 0; j < count; ++j) texts->push_back(LambdaName(static_cast<int>(100 * i + j)));
    } else {
      for (std::string& text : *texts) {
        SqlText filled;
        FillTemplate(filled, text, resolved, true);
        text = filled.text();
      }
    }
    const TypePattern& result = pattern.children.back();
    Written body;
    Type wanted;
    // The body's type can widen the type of a parameter, as in reduce; then it is written once more.
    for (int round = 0; round < 2; ++round) {
      std::vector<Type> types;
      for (std::size_t j = 0; j < count; ++j) types.push_back(resolved.binding.Fill(pattern.children[j]));
      body = WriteLambdaBody(lambda, context, types, *texts);
      if (failed()) return false;
      if (!resolved.binding.Take(result, body.type) || (result.name == "boolean" && body.type.Is("unknown"))) {
        Fail(call.position, "Unexpected type of a lambda's result: " + ToText(body.type), "FUNCTION_NOT_FOUND",
             base::ErrorKind::kNotFound);
        return false;
      }
      wanted = resolved.binding.Fill(result);
      std::vector<Type> now;
      for (std::size_t j = 0; j < count; ++j) now.push_back(resolved.binding.Fill(pattern.children[j]));
      if (now == types) break;
    }
    Absorb(into, body);
    SqlText text = Convert(body.sql, body.type, wanted);
    if (whole) {
      SqlText lambda_text;
      lambda_text.Add("(lambda ");
      for (std::size_t j = 0; j < count; ++j) lambda_text.Add(j == 0 ? "" : ", ").Add((*texts)[j]);
      text = std::move(lambda_text.Add(": ").Add(text).Add(")"));
    }
    resolved.arguments[i] = std::move(text);
  }
  return true;
}

std::optional<ResolvedCall> Translator::ResolveCall(const std::string& name, const Call& call,
                                                    const std::vector<Candidate>& candidates, const Context& context,
                                                    Written& into) {
  std::vector<Type> types;
  std::vector<bool> is_lambda;
  ResolvedCall resolved;
  for (const ExpressionPtr& argument : call.arguments) {
    is_lambda.push_back(argument->kind == ExpressionKind::kLambda);
    const Written value = is_lambda.back() ? Written{} : Write(*argument, context);
    Absorb(into, value);
    types.push_back(value.type);
    resolved.written.push_back(value.sql.text());
    resolved.arguments.push_back(value.sql);
  }
  if (failed()) return std::nullopt;
  std::vector<const Signature*> signatures;
  for (const Candidate& candidate : candidates) signatures.push_back(candidate.signature);
  const Choice choice = Choose(signatures, types, is_lambda);
  if (choice.ambiguous) {
    Fail(call.position, "Could not choose a best candidate operator. Explicit type casts must be added.",
         "AMBIGUOUS_FUNCTION_CALL");
    return std::nullopt;
  }
  if (!choice.match || (call.star && name != "count")) {
    Fail(call.position, "Unexpected parameters (" + TypeList(types) + ") for function " + name, "FUNCTION_NOT_FOUND",
         base::ErrorKind::kNotFound);
    return std::nullopt;
  }
  const auto ordered = OrderedArgument(name, types.size());
  if (ordered && *ordered < types.size() && !IsOrderable(types[*ordered])) {
    Fail(call.position, "Unexpected parameters (" + TypeList(types) + ") for function " + name, "FUNCTION_NOT_FOUND",
         base::ErrorKind::kNotFound);
    return std::nullopt;
  }
  const Candidate& candidate = candidates[choice.match->index];
  const bool one_engine = std::ranges::all_of(candidates, [&](const Candidate& other) {
    const bool text =
        std::ranges::any_of(other.signature->arguments, [](const TypePattern& one) { return one.name == "char"; });
    return !other.signature->Accepts(types.size()) || text || other.engine == candidate.engine || other.engine.empty();
  });
  if (candidate.engine.empty() || (choice.undecided && !one_engine)) {
    Refuse(call.position, "The function '" + name + "'" + (types.empty() ? "" : " of (" + TypeList(types) + ")"));
    return std::nullopt;
  }
  resolved.types = types;
  resolved.index = choice.match->index;
  resolved.binding = choice.match->binding;
  // Names of parameters depend on the text alone, so that two equal calls are equal texts; those inside the arguments
  // and around the call are others.
  const int outer_depth = lambda_depth_;
  const auto used = [&](int depth) {
    const std::string name = "\"p" + std::to_string(depth) + "_";
    return std::ranges::any_of(resolved.written,
                               [&](const std::string& text) { return text.find(name) != std::string::npos; });
  };
  do ++lambda_depth_;
  while (used(lambda_depth_));
  int parameters = 0;
  for (std::size_t at = candidate.engine.find('@'); at != std::string_view::npos;
       at = candidate.engine.find('@', at + 1)) {
    const std::string own(WordAt(candidate.engine, at + 1));
    if (!resolved.own.contains(own)) resolved.own[own] = LambdaName(parameters++);
  }
  const bool good = WriteLambdaArguments(call, candidate, context, resolved, into);
  lambda_depth_ = outer_depth;
  if (!good) return std::nullopt;
  if (choice.undecided) return resolved;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (!is_lambda[i])
      resolved.arguments[i] =
          Convert(resolved.arguments[i], types[i], resolved.binding.Fill(candidate.signature->Argument(i)));
  }
  resolved.result = resolved.binding.Fill(candidate.signature->result);
  return resolved;
}

void Translator::FillTemplate(SqlText& sql, std::string_view pattern, const ResolvedCall& call, bool inner) {
  const std::vector<SqlText>& arguments = call.arguments;
  const auto all = [&] {
    for (std::size_t i = 0; i < arguments.size(); ++i) sql.Add(i == 0 ? "" : ", ").Add(arguments[i]);
  };
  if (inner && pattern.starts_with('(') && pattern.ends_with(')')) pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.starts_with('&')) {
    for (std::size_t i = 1; i < arguments.size(); ++i) sql.Add(pattern.substr(1)).Add("(");
    sql.Add(arguments[0]);
    for (std::size_t i = 1; i < arguments.size(); ++i) sql.Add(", ").Add(arguments[i]).Add(")");
    return;
  }
  if (!inner && IsPlainName(pattern)) {
    sql.Add(pattern).Add("(");
    all();
    sql.Add(")");
    return;
  }
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t mark = std::min(pattern.find_first_of("$@#%", at), pattern.size());
    sql.Add(pattern.substr(at, mark - at));
    if (mark == pattern.size()) break;
    const std::string word(WordAt(pattern, mark + 1));
    at = mark + 1 + word.size();
    if (word.empty() && pattern[mark] != '$') {
      sql.Add(pattern.substr(mark, 1));
    } else if (pattern[mark] == '@') {
      sql.Add(call.own.at(word));
    } else if (pattern[mark] == '#') {
      sql.Add(std::to_string(call.binding.Number(word).value_or(0)));
    } else if (pattern[mark] == '%') {
      const auto type =
          ToEngineType(word == "0" ? call.result : call.binding.Fill({.name = word, .numbers = {}, .children = {}}));
      sql.Add(type.value_or("INTEGER"));  // of a NULL, which fits any type
    } else if (word.empty()) {            // $*
      all();
      ++at;
    } else {
      sql.Add(arguments[static_cast<std::size_t>(word[0] - '1')]);
      if (at < pattern.size() && pattern[at] == '{') at = pattern.find('}', at) + 1;
    }
  }
}

}  // namespace tarn::sql
