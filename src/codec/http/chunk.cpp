// SPDX-License-Identifier: Apache-2.0
#include "codec/http/chunk.hpp"

#include <fmt/format.h>

namespace howl::codec::http {

std::string as_chunk(std::string_view body) {
    return body.empty() ? std::string{} : fmt::format("{:x}\r\n{}\r\n", body.size(), body);
}

}  // namespace howl::codec::http
