// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::storage::dynamodb {

/// What requests are signed with. It has no `fmt` formatter on purpose: it never reaches a log.
struct Credentials {
    std::string key_id;
    std::string secret;
    std::string session_token;  ///< Empty: long-lived credentials.
};

/// A variable of the environment; empty where there is none.
using Environment = std::function<std::string(std::string_view)>;
[[nodiscard]] std::string process_environment(std::string_view name);

/// Reads an AWS credentials file, of which the profile `default` counts; with an empty `file` the
/// environment. Errors: `kInvalidConfig`; the detail names what is missing and shows no value;
/// those of `read_file`.
[[nodiscard]] Result<Credentials> load_credentials(const std::string& file,
                                                   const Environment& environment);
/// The text of such a file. `name` is for the message.
[[nodiscard]] Result<Credentials> parse_credentials(std::string_view text, std::string_view name);

}  // namespace howl::storage::dynamodb
