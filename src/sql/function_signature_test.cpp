// Which of several signatures a call means, and what its variables stand for.
#include "sql/function_signature.h"

#include <gtest/gtest.h>

#include "sql/coercion.h"
#include "sql/fixture_test.h"
#include "sql/parser.h"

namespace tarn::sql {
namespace {

Type TypeOf(std::string_view text) { return Parser(text).ParseOneType().value(); }

// The result's type text of the chosen signature, "none" or "ambiguous".
std::string Chosen(const std::vector<std::pair<std::string, std::string>>& rows,
                   const std::vector<std::string>& arguments) {
  std::vector<Signature> signatures;
  for (const auto& [result, formal] : rows) signatures.push_back(ParseSignature(result, formal));
  std::vector<const Signature*> pointers;
  for (const Signature& signature : signatures) pointers.push_back(&signature);
  std::vector<Type> types;
  for (const std::string& argument : arguments)
    types.push_back(argument.empty() ? Type{} : argument == "unknown" ? Type{.name = "unknown"} : TypeOf(argument));
  const Choice choice = Choose(pointers, types, std::vector<bool>(types.size(), false));
  if (choice.ambiguous) return "ambiguous";
  if (!choice.match) return "none";
  return ToText(choice.match->binding.Fill(signatures[choice.match->index].result));
}

TEST(Signature, ExactOnesComeFirst) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"bigint", "bigint"}, {"double", "double"}, {"decimal(p,s)", "decimal(p,s)"}};
  EXPECT_EQ(Chosen(rows, {"bigint"}), "bigint");
  EXPECT_EQ(Chosen(rows, {"double"}), "double");
  EXPECT_EQ(Chosen(rows, {"decimal(5,2)"}), "decimal(5,2)");
}

TEST(Signature, ThenTheMostSpecial) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"decimal(38,s)", "decimal(p,s)"}, {"bigint", "bigint"}, {"double", "double"}, {"real", "real"}};
  EXPECT_EQ(Chosen(rows, {"integer"}), "bigint");
  EXPECT_EQ(Chosen(rows, {"unknown"}), "bigint");
  EXPECT_EQ(Chosen(rows, {"varchar"}), "none");
  EXPECT_EQ(Chosen(rows, {"array(integer)"}), "none");
}

TEST(Signature, NullsAloneCanBeAmbiguous) {
  EXPECT_EQ(Chosen({{"varchar(16)", "boolean"}, {"varchar(35)", "bigint"}}, {"unknown"}), "ambiguous");
  EXPECT_EQ(Chosen({{"bigint", "boolean"}, {"bigint", "date"}}, {"unknown"}), "bigint");
}

TEST(Signature, VariablesWiden) {
  EXPECT_EQ(Chosen({{"array(E)", "array(E), E"}}, {"array(integer)", "bigint"}), "array(bigint)");
  EXPECT_EQ(Chosen({{"E", "E..."}}, {"integer", "decimal(2,1)", "unknown"}), "decimal(11,1)");
  EXPECT_EQ(Chosen({{"E", "E..."}}, {"integer", "varchar"}), "none");
  EXPECT_EQ(Chosen({{"map(K,V)", "array(K), array(V)"}}, {"array(varchar(1))", "array(integer)"}),
            "map(varchar(1),integer)");
}

TEST(Signature, NumbersFollowFormulas) {
  EXPECT_EQ(Chosen({{"varchar(min(2147483647, x + z * (x + 1)))", "varchar(x), varchar(y), varchar(z)"}},
                   {"varchar(6)", "varchar(2)", "varchar(2)"}),
            "varchar(20)");
  EXPECT_EQ(Chosen({{"varchar(x)", "varchar(x)"}}, {"varchar"}), "varchar");
  EXPECT_EQ(Chosen({{"decimal(max(p - s + min(s, 1), 1),0)", "decimal(p,s)"}}, {"decimal(5,2)"}), "decimal(4,0)");
  EXPECT_EQ(Chosen({{"varchar(x)", "varchar(x)"}}, {"unknown"}), "varchar(0)");
}

TEST(Signature, ArgumentsRepeatOnlyWhereTheyMay) {
  EXPECT_EQ(Chosen({{"varchar", "varchar, varchar..."}}, {"varchar", "varchar", "varchar"}), "varchar");
  EXPECT_EQ(Chosen({{"varchar", "varchar, varchar..."}}, {"varchar"}), "none");
  EXPECT_EQ(Chosen({{"bigint", "bigint"}}, {"bigint", "bigint"}), "none");
}

TEST(Coercion, Supertypes) {
  const auto common = [](std::string_view left, std::string_view right) {
    const auto type = CommonSupertype(TypeOf(left), TypeOf(right));
    return type ? ToText(*type) : "none";
  };
  EXPECT_EQ(common("tinyint", "bigint"), "bigint");
  EXPECT_EQ(common("bigint", "decimal(3,2)"), "decimal(21,2)");
  EXPECT_EQ(common("decimal(38,0)", "decimal(10,10)"), "decimal(38,10)");
  EXPECT_EQ(common("decimal(3,2)", "real"), "real");
  EXPECT_EQ(common("date", "timestamp(3)"), "timestamp(3)");
  EXPECT_EQ(common("timestamp(3)", "timestamp(6) with time zone"), "timestamp(6) with time zone");
  EXPECT_EQ(common("varchar(2)", "varchar(7)"), "varchar(7)");
  EXPECT_EQ(common("varchar(2)", "integer"), "none");
  EXPECT_EQ(common("array(integer)", "array(double)"), "array(double)");
  EXPECT_EQ(common("boolean", "bigint"), "none");
}

TEST(Calls, WrongArgumentsAreToldWithTheirPlace) {
  EXPECT_EQ(ErrorText(TranslateText("SELECT abs('x')")),
            "1:8 FUNCTION_NOT_FOUND Unexpected parameters (varchar(1)) for function abs");
  EXPECT_EQ(ErrorText(TranslateText("SELECT cbrt(MAP(ARRAY[1], ARRAY[2]))")).substr(0, 22), "1:8 FUNCTION_NOT_FOUND");
  EXPECT_EQ(ErrorText(TranslateText("SELECT current_groups()")).substr(0, 17), "1:8 NOT_SUPPORTED");
  EXPECT_EQ(ErrorText(TranslateText("SELECT filter(ARRAY[1], (a, b) -> true)")).substr(0, 22),
            "1:8 FUNCTION_NOT_FOUND");
  EXPECT_EQ(ErrorText(TranslateText("SELECT x -> 1 FROM (VALUES 1) t(x)")).substr(0, 17), "1:8 TYPE_MISMATCH");
}

TEST(Calls, EqualCallsWithLambdasAreEqualTexts) {
  EXPECT_EQ(ErrorText(TranslateText("SELECT filter(a, x -> any_match(x, y -> y > 1)) FROM (VALUES ARRAY[ARRAY[1]]) "
                                    "t(a) GROUP BY filter(a, x -> any_match(x, y -> y > 1))")),
            "");
}

TEST(Calls, ResultTypes) {
  const auto type = [](const std::string& expression) {
    const auto translation = TranslateText("SELECT " + expression);
    return translation ? translation->columns[0].type : ErrorText(translation);
  };
  EXPECT_EQ(type("sum(CAST(1 AS decimal(10,2)))"), "decimal(38,2)");
  EXPECT_EQ(type("avg(1)"), "double");
  EXPECT_EQ(type("transform(ARRAY[1], x -> x + 1e0)"), "array(double)");
  EXPECT_EQ(type("reduce(ARRAY[BIGINT '1'], 0, (s, x) -> s + x, s -> s)"), "bigint");
  EXPECT_EQ(type("map_agg('a', 1)"), "map(varchar(1),integer)");
  EXPECT_EQ(type("url_encode('ab')"), "varchar(24)");
  EXPECT_EQ(type("round(1.25, 1)"), "decimal(4,2)");
  EXPECT_EQ(type("zip(ARRAY[1], ARRAY['a'])"), "array(row(integer, varchar(1)))");
}

}  // namespace
}  // namespace tarn::sql
