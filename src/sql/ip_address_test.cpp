#include "sql/ip_address.h"

#include <gtest/gtest.h>

namespace tarn::sql {
namespace {

std::string Printed(std::string_view text) {
  const auto address = ReadIpAddress(text);
  return address ? IpAddressText(*address) : "none";
}

TEST(IpAddress, PrintsTheShortestForm) {
  EXPECT_EQ(Printed("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(Printed("::ffff:1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(Printed("2001:0DB8:0000:0000:0000:ff00:0042:8329"), "2001:db8::ff00:42:8329");
  EXPECT_EQ(Printed("::"), "::");
  EXPECT_EQ(Printed("::1"), "::1");
  EXPECT_EQ(Printed("1::"), "1::");
  EXPECT_EQ(Printed("::1.2.3.4"), "::102:304");
  EXPECT_EQ(Printed("1:0:2:0:0:3:0:0"), "1:0:2::3:0:0");
  EXPECT_EQ(Printed("1:0:2:3:4:5:6:7"), "1:0:2:3:4:5:6:7");
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const auto* text : {"", "10.0.0", "10.0.0.256", "010.0.0.1", "1::2::3", "fe80::1%eth0", " 10.0.0.1", "abc"}) {
    EXPECT_EQ(Printed(text), "none") << text;
  }
  EXPECT_FALSE(ReadIpAddress(std::string_view("10.0.0.1\0", 9)));
  EXPECT_FALSE(IpAddressOfBytes("abc"));
}

TEST(IpNetwork, ContainsByItsBits) {
  const auto contains = [](std::string_view network, std::string_view address) {
    return IpNetwork::Read(network)->Contains(*ReadIpAddress(address));
  };
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("10.1.2.128/25", "10.1.2.200"));
  EXPECT_FALSE(contains("10.1.2.128/25", "10.1.2.100"));
  EXPECT_TRUE(contains("0.0.0.0/0", "255.0.0.1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::"));
  for (const auto* text : {"10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "a/8"}) {
    EXPECT_FALSE(IpNetwork::Read(text)) << text;
  }
}

}  // namespace
}  // namespace tarn::sql
