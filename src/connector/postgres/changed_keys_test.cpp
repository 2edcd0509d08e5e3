#include "connector/postgres/changed_keys.h"

#include <gtest/gtest.h>

namespace tarn::connector::postgres {
namespace {

constexpr std::uint32_t kTable = 16'400;
using Keys = std::vector<std::vector<std::string>>;

std::string Number(std::uint64_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = bytes; i > 0; --i) text += static_cast<char>(number >> (8 * (i - 1)) & 0xFFU);
  return text;
}

std::string Begin(std::uint64_t place) { return "B" + Number(place, 8) + Number(0, 8) + Number(700, 4); }

std::string Relation(const std::vector<std::string>& columns, std::uint32_t table = kTable) {
  auto message = "R" + Number(table, 4) + std::string("public\0things\0d", 15) + Number(columns.size(), 2);
  for (const auto& column : columns) message += '\1' + column + '\0' + Number(25, 4) + Number(0xFFFFFFFF, 4);
  return message;
}

// "~" stands for NULL and "=" for a value that is as before.
std::string Row(const std::vector<std::string>& values) {
  auto row = Number(values.size(), 2);
  for (const auto& value : values) {
    row += value == "~" ? "n" : value == "=" ? "u" : "t" + Number(value.size(), 4) + value;
  }
  return row;
}

std::string Insert(const std::vector<std::string>& row, std::uint32_t table = kTable) {
  return "I" + Number(table, 4) + "N" + Row(row);
}
std::string Update(const std::string& before, const std::vector<std::string>& row) {
  return "U" + Number(kTable, 4) + before + "N" + Row(row);
}
std::string Delete(const std::string& before) { return "D" + Number(kTable, 4) + before; }

class ChangedKeysTest : public ::testing::Test {
 protected:
  // The last answer.
  bool Take(std::initializer_list<std::string> messages) {
    bool more = true;
    for (const auto& message : messages) more = keys_.Take(message);
    return more;
  }
  ChangedKeys keys_{{.table = kTable, .key = {"b", "a"}, .from = 100, .most = 4}};
};

TEST_F(ChangedKeysTest, CollectsEachKeyOnceInTheOrderOfItsColumns) {
  EXPECT_TRUE(Take({Begin(100), Relation({"a", "n", "b"}), Insert({"1", "x", "2"}), Update("", {"1", "y", "2"}),
                    Update("K" + Row({"1", "~", "2"}), {"3", "y", "2"}), Delete("O" + Row({"5", "z", "6"})), "C"}));
  EXPECT_EQ(keys_.keys(), (Keys{{"2", "2", "6"}, {"1", "3", "5"}}));
}

TEST_F(ChangedKeysTest, KeysThatReadAlikeInARowAreKeptApart) {
  EXPECT_TRUE(Take({Begin(100), Relation({"a", "b"}), Insert({"1", "12"}), Insert({"11", "2"})}));
  EXPECT_EQ(keys_.size(), 2U);
}

TEST_F(ChangedKeysTest, PassesOverEarlierTransactionsAndOtherTables) {
  EXPECT_TRUE(Take({Begin(99), Relation({"a", "b"}), Insert({"1", "1"}), "C", Begin(100), Relation({"x"}, 7),
                    Insert({"2"}, 7), Insert({"3", "3"}), "C"}));
  EXPECT_EQ(keys_.keys(), (Keys{{"3"}, {"3"}}));
}

TEST_F(ChangedKeysTest, TakesAValueThatIsAsBeforeFromTheRowBefore) {
  EXPECT_TRUE(Take({Begin(100), Relation({"a", "b"}), Update("K" + Row({"1", "long"}), {"2", "="})}));
  EXPECT_EQ(keys_.keys(), (Keys{{"long", "long"}, {"1", "2"}}));
  EXPECT_FALSE(Take({Update("", {"2", "="})}));
  EXPECT_NE(keys_.obstacle(), "");
}

TEST_F(ChangedKeysTest, StopsWhereTheTableWasEmptied) {
  EXPECT_TRUE(Take({Begin(99), "T" + Number(1, 4) + '\0' + Number(kTable, 4), Begin(100),
                    "T" + Number(1, 4) + '\0' + Number(7, 4)}));
  EXPECT_FALSE(Take({"T" + Number(2, 4) + '\0' + Number(7, 4) + Number(kTable, 4)}));
  EXPECT_EQ(keys_.obstacle(), "the table was emptied");
}

TEST_F(ChangedKeysTest, StopsWhereTooManyRowsChanged) {
  EXPECT_TRUE(Take({Begin(100), Relation({"a", "b"}), Insert({"1", "1"}), Insert({"2", "1"}), Insert({"3", "1"}),
                    Insert({"4", "1"}), Insert({"4", "1"})}));
  EXPECT_FALSE(Take({Insert({"5", "1"})}));
}

TEST_F(ChangedKeysTest, StopsWhereKeysAreNotTold) {
  EXPECT_TRUE(Take({Begin(100), Relation({"a", "b"})}));
  EXPECT_FALSE(Take({Insert({"1", "~"})}));
}

TEST_F(ChangedKeysTest, StopsWhereTheTableWasNotDescribedOrLacksAColumnOfTheKey) {
  EXPECT_FALSE(Take({Begin(100), Insert({"1", "2"})}));
  ChangedKeys other({.table = kTable, .key = {"gone"}, .from = 0, .most = 9});
  EXPECT_TRUE(other.Take(Relation({"a", "b"})));
  EXPECT_FALSE(other.Take(Insert({"1", "2"})));
}

TEST_F(ChangedKeysTest, NoCutMessageIsTakenForAWholeOne) {
  const auto whole = Update("K" + Row({"1", "2"}), {"3", "4"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ChangedKeys keys({.table = kTable, .key = {"a"}, .from = 0, .most = 9});
    EXPECT_TRUE(keys.Take(Relation({"a", "b"})));
    EXPECT_FALSE(keys.Take(whole.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace tarn::connector::postgres
