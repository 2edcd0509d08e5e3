// What names mean in the measures and conditions of a MATCH_RECOGNIZE that is being written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sql/scope.h"

namespace tarn::sql {

// Pattern variables are kept as the engine's matcher knows them: the numbers of their labels with dots between.
struct RowMatchScope {
  std::vector<Field> columns = {};               // of the rows; field i is "f<i>" of the engine's row
  std::map<std::string, std::string> variables;  // labels and subsets by name
  bool defining = false;                         // in DEFINE; else in MEASURES
  std::string row = {};                      // in DEFINE: the lambda's parameter; else the row of the matcher's answer
  std::string rows = {};                     // in MEASURES: the partition
  std::vector<std::string> conditions = {};  // navigations of DEFINE
  std::vector<std::string> measures = {};    // and of MEASURES
  std::vector<std::string> sets = {};
  bool in_set = false;  // inside an aggregate

  // The number of a text in a list, to which it is added when it is new.
  static std::size_t NumberOf(std::vector<std::string>& list, const std::string& text) {
    const auto found = std::ranges::find(list, text);
    if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
    list.push_back(text);
    return list.size() - 1;
  }
};

// FIRST, LAST, PREV and NEXT around a value.
struct RowNavigation {
  bool last = true;
  std::string offset = "0";
  std::int64_t move = 0;
  bool final = false;
};

}  // namespace tarn::sql
