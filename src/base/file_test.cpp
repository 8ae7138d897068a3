// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace howl {
namespace {

std::string failure_of(const std::filesystem::path& path, std::size_t bytes_max = 1024) {
    const auto text = read_file(path, bytes_max);
    return text ? "read" : text.error().detail;
}

class ReadFile : public testing::Test {
protected:
    void SetUp() override {
        std::array<char, 32> form{"/tmp/howl-file-XXXXXX"};
        folder_ = ::mkdtemp(form.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path written(std::string_view text) const {
        const auto path = folder_ / "file";
        std::ofstream{path, std::ios::binary} << text;
        return path;
    }

    std::filesystem::path folder_;
};

TEST_F(ReadFile, GivesEveryByte) {
    std::string text(200'000, 'x');
    text[70'000] = '\0';
    EXPECT_EQ(read_file(written(text)), text);
    EXPECT_EQ(read_file(written("")), "");
}

TEST_F(ReadFile, NamesThePathAndTheReason) {
    const auto missing = folder_ / "missing";
    EXPECT_EQ(failure_of(missing),
              "cannot read " + missing.string() + ": No such file or directory");
    EXPECT_EQ(failure_of(folder_), "cannot read " + folder_.string() + ": Is a directory");
}

TEST_F(ReadFile, AFileThatFailsHalfwayIsNoShorterFile) {
    EXPECT_EQ(failure_of("/proc/self/mem"), "cannot read /proc/self/mem: Input/output error");
}

TEST_F(ReadFile, TakesAsManyBytesAsItMay) {
    EXPECT_EQ(read_file(written("12345"), 5), "12345");
    EXPECT_EQ(failure_of(written("123456"), 5),
              "cannot read " + (folder_ / "file").string() + ": more than 5 bytes");
    EXPECT_EQ(failure_of("/dev/zero", 100'000), "cannot read /dev/zero: more than 100000 bytes");
}

TEST_F(ReadFile, ADescriptorIsReadUnderAName) {
    const int descriptor = ::open(folder_.c_str(), O_RDONLY | O_CLOEXEC);
    const auto text = read_descriptor(descriptor, "standard input", 10);
    ::close(descriptor);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().detail, "cannot read standard input: Is a directory");
}

}  // namespace
}  // namespace howl
