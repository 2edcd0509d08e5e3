// Bodies of the area Supported Drivers, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "http/json_traits.h"

namespace tarn::api {

struct JdbcDriver {
  std::string JDBC;
};
BOOST_DESCRIBE_STRUCT(JdbcDriver, (), (JDBC))

struct SqlAlchemyDriver {
  std::string SQL_ALCHEMY;
};
BOOST_DESCRIBE_STRUCT(SqlAlchemyDriver, (), (SQL_ALCHEMY))

struct Drivers {
  std::string JDBC;
  std::string SQL_ALCHEMY;
};
BOOST_DESCRIBE_STRUCT(Drivers, (), (JDBC, SQL_ALCHEMY))

}  // namespace tarn::api
