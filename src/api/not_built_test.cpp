#include <gtest/gtest.h>

#include <set>

#include "api/areas.h"

namespace tarn::api {
namespace {

TEST(NotBuilt, EveryOperationIsDeclaredOnceAndSaysSo) {
  OperationList operations;
  AddNotBuilt(operations);
  std::set<std::string> ids;
  std::set<std::pair<http::Method, std::string>> routes;
  for (const http::Operation& operation : operations) {
    EXPECT_TRUE(ids.insert(operation.info.id).second) << operation.info.id;
    EXPECT_TRUE(routes.insert({operation.info.method, operation.info.path}).second) << operation.info.path;
    EXPECT_FALSE(operation.built);
    const http::Context context{http::RequestFacts{}};
    EXPECT_EQ(operation.run(context).error().kind, base::ErrorKind::kNotSupported);
  }
  EXPECT_EQ(operations.size(), 9U);
}

}  // namespace
}  // namespace tarn::api
