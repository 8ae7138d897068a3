// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace howl::storage::sqlite {

/// Damages the first page of `file` that contains `text`, so that SQLite finds it malformed.
/// Requires: nobody has the file open.
inline void corrupt_page_of(const std::filesystem::path& file, std::string_view text) {
    std::ostringstream content;
    content << std::ifstream{file, std::ios::binary}.rdbuf();
    auto bytes = content.str();
    const auto page = bytes.find(text) / 4096 * 4096;
    bytes.replace(page, 100, 100, '\x7f');
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

}  // namespace howl::storage::sqlite
