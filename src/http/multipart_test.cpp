#include "http/multipart.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "http/body_file.h"

namespace tarn::http {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=\"the one\"";

class MultipartTest : public testing::Test {
 protected:
  void Write(std::string_view body) {
    auto made = BodyFile::Create(testing::TempDir());
    ASSERT_TRUE(made);
    file_ = *std::move(made);
    ASSERT_TRUE(file_->Append(body));
  }
  std::unique_ptr<BodyFile> file_;
};

TEST_F(MultipartTest, PartsHaveTheirNamesAndContents) {
  Write(
      "preface\r\n--the one\r\nContent-Type: text/csv\r\ncontent-disposition: form-data; filename=\"a;b\"; "
      "name=\"file\"\r\n\r\n"
      "a,b\r\n1,2\r\n\r\n--the one\r\nContent-Disposition: form-data; name=request\r\n\r\n{}\r\n--the one--\r\n");
  const auto parts = ReadParts(file_->path(), kType);
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "file");
  EXPECT_EQ(*ReadPart(file_->path(), (*parts)[0], 100), "a,b\r\n1,2\r\n");
  EXPECT_EQ((*parts)[1].name, "request");
  EXPECT_EQ(*ReadPart(file_->path(), (*parts)[1], 100), "{}");
  EXPECT_FALSE(ReadPart(file_->path(), (*parts)[0], 3));
}

TEST_F(MultipartTest, BoundariesAcrossBlocksAreFound) {
  for (const std::size_t size : {(1U << 20) - 120U, (1U << 20) - 60U, (1U << 20), (3U << 20) + 17U}) {
    const std::string content(size, '\r');
    Write("--the one\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + content + "\r\n--the one--");
    const auto parts = ReadParts(file_->path(), kType);
    ASSERT_TRUE(parts) << parts.error().message;
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ((*parts)[0].size, static_cast<std::int64_t>(size));
  }
}

TEST_F(MultipartTest, EmptyParts) {
  Write("--the one\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--the one--");
  const auto parts = ReadParts(file_->path(), kType);
  ASSERT_TRUE(parts);
  EXPECT_EQ((*parts)[0].size, 0);
}

TEST_F(MultipartTest, WhatIsCutOrOfAnotherTypeIsRefused) {
  for (const char* body :
       {"", "--the one", "--the one\r\n", "--the one\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc",
        "--the one\r\n\r\n\r\nabc\r\n--the one--", "--another\r\n"}) {
    Write(body);
    EXPECT_FALSE(ReadParts(file_->path(), kType)) << body;
  }
  EXPECT_FALSE(ReadParts(file_->path(), "application/json"));
  EXPECT_FALSE(ReadParts(file_->path(), "multipart/form-data"));
}

TEST(BodyFileTest, TheFileGoesWithIt) {
  std::filesystem::path path;
  {
    const auto file = BodyFile::Create(testing::TempDir());
    ASSERT_TRUE(file);
    path = (*file)->path();
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace tarn::http
