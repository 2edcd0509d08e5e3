// Bodies of the area Parametric Tables, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/names.h"
#include "http/json_traits.h"

namespace tarn::api {

struct ParametricTableColumn {
  std::string key;
  boost::json::value value;
};
BOOST_DESCRIBE_STRUCT(ParametricTableColumn, (), (key, value))

struct ParametricTable {
  std::string fromSchema;
  std::string fromTable;
  std::string toSchema;
  std::string toTable;
  std::optional<std::vector<ParametricTableColumn>> paramValues;
};
BOOST_DESCRIBE_STRUCT(ParametricTable, (), (fromSchema, fromTable, toSchema, toTable, paramValues))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::ParametricTable> {
  static base::Result<void> Check(const api::ParametricTable& table) {
    TARN_RETURN_IF_ERROR(api::CheckName(table.toSchema, "toSchema"));
    return api::CheckName(table.toTable, "toTable");
  }
};
