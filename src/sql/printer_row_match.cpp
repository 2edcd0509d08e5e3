#include "sql/ast_row_match.h"
#include "sql/printer.h"
#include "sql/printer_parts.h"

namespace tarn::sql {
namespace {

std::string PrintPattern(const RowPattern& pattern);

std::string PrintAll(const std::vector<RowPattern>& parts, std::string_view between) {
  std::string text;
  for (const RowPattern& part : parts) text += (text.empty() ? "" : std::string(between)) + PrintPattern(part);
  return text;
}

std::string PrintQuantifier(const RowPattern& repeat) {
  std::string text = "{" + std::to_string(repeat.least) + "," + (repeat.most ? std::to_string(*repeat.most) : "") + "}";
  return text + (repeat.greedy ? "" : "?");
}

std::string PrintPattern(const RowPattern& pattern) {
  switch (pattern.kind) {
    case RowPattern::Kind::kLabel: return Print(pattern.label);
    case RowPattern::Kind::kEmpty: return "()";
    case RowPattern::Kind::kStart: return "^";
    case RowPattern::Kind::kEnd: return "$";
    case RowPattern::Kind::kSequence: return "(" + PrintAll(pattern.parts, " ") + ")";
    case RowPattern::Kind::kAlternation: return "(" + PrintAll(pattern.parts, " | ") + ")";
    case RowPattern::Kind::kPermute: return "PERMUTE(" + PrintAll(pattern.parts, ", ") + ")";
    case RowPattern::Kind::kExcluded: return "{- " + PrintPattern(pattern.parts[0]) + " -}";
    case RowPattern::Kind::kRepeat: {
      const bool again = pattern.parts[0].kind == RowPattern::Kind::kRepeat;
      return (again ? "(" : "") + PrintPattern(pattern.parts[0]) + (again ? ")" : "") + PrintQuantifier(pattern);
    }
  }
  return "";
}

std::string PrintRows(const RowMatch& match) {
  switch (match.rows) {
    case RowMatch::Rows::kOne: return " ONE ROW PER MATCH";
    case RowMatch::Rows::kAllShowEmpty: return " ALL ROWS PER MATCH SHOW EMPTY MATCHES";
    case RowMatch::Rows::kAllOmitEmpty: return " ALL ROWS PER MATCH OMIT EMPTY MATCHES";
    case RowMatch::Rows::kAllWithUnmatched: return " ALL ROWS PER MATCH WITH UNMATCHED ROWS";
  }
  return "";
}

std::string PrintSkip(const RowMatch& match) {
  switch (match.skip) {
    case RowMatch::Skip::kPastLast: return " AFTER MATCH SKIP PAST LAST ROW";
    case RowMatch::Skip::kToNext: return " AFTER MATCH SKIP TO NEXT ROW";
    case RowMatch::Skip::kToFirst: return " AFTER MATCH SKIP TO FIRST " + Print(match.skip_to);
    case RowMatch::Skip::kToLast: return " AFTER MATCH SKIP TO LAST " + Print(match.skip_to);
  }
  return "";
}

}  // namespace

// What follows the relation.
std::string PrintRowMatch(const RowMatch& match) {
  std::string text = " MATCH_RECOGNIZE (";
  if (!match.partition_by.empty()) text += "PARTITION BY " + Print(match.partition_by) + " ";
  if (!match.order_by.empty()) text += PrintOrderBy(match.order_by) + " ";
  for (std::size_t i = 0; i < match.measures.size(); ++i)
    text +=
        (i == 0 ? "MEASURES " : ", ") + ToSql(*match.measures[i].expression) + " AS " + Print(match.measures[i].name);
  text += PrintRows(match) + PrintSkip(match) + " PATTERN (" + PrintPattern(match.pattern) + ")";
  for (std::size_t i = 0; i < match.subsets.size(); ++i)
    text += (i == 0 ? " SUBSET " : ", ") + Print(match.subsets[i].name) + " =" + PrintNames(match.subsets[i].labels);
  for (std::size_t i = 0; i < match.definitions.size(); ++i)
    text += (i == 0 ? " DEFINE " : ", ") + Print(match.definitions[i].label) + " AS " +
            ToSql(*match.definitions[i].condition);
  return text + ")";
}

}  // namespace tarn::sql
