// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json/serialize.hpp>

namespace howl::codec {

/// `json` with the line separators of Unicode that JSON lets stand in a string (U+0085, U+2028,
/// U+2029) as `\uXXXX`: a reader that cuts a stream into lines by Unicode's rules, such as Python's
/// `str.splitlines`, then never cuts inside of it. To a JSON parser it is the same text.
/// Requires: `json` is JSON in UTF-8.
[[nodiscard]] std::string escape_separators(std::string json);

/// JSON for clients. What is stored may be written with `boost::json::serialize` alone.
template <class Value>
[[nodiscard]] std::string json_text(const Value& value) {
    return escape_separators(boost::json::serialize(value));
}

}  // namespace howl::codec
