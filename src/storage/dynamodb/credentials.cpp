// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/credentials.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"

namespace howl::storage::dynamodb {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Result<Credentials> checked(Credentials credentials, std::string_view where) {
    // What is signed goes into header lines; a stray control character would end one.
    const auto is_plain = [](const std::string& text) {
        return std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 127; });
    };
    if (credentials.key_id.empty() || credentials.secret.empty() || !is_plain(credentials.key_id) ||
        !is_plain(credentials.secret) || !is_plain(credentials.session_token)) {
        return fail(Errc::kInvalidConfig, "dynamodb",
                    fmt::format("no usable AWS credentials in {}", where));
    }
    return credentials;
}

}  // namespace

std::string process_environment(std::string_view name) {
    const char* const value = std::getenv(std::string{name}.c_str());
    return value == nullptr ? "" : value;
}

Result<Credentials> load_credentials(const std::string& file, const Environment& environment) {
    if (file.empty()) {
        return checked({environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                        environment("AWS_SESSION_TOKEN")},
                       "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment");
    }
    HOWL_TRY(text, read_file(file));
    return parse_credentials(text, file);
}

Result<Credentials> parse_credentials(std::string_view text, std::string_view name) {
    Credentials found;
    bool in_default = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
        if (line.starts_with('[')) {
            in_default = line == "[default]";
            continue;
        }
        const auto equals = line.find('=');
        if (!in_default || line.starts_with('#') || equals == std::string_view::npos) {
            continue;
        }
        const auto key = trimmed(line.substr(0, equals));
        const auto value = trimmed(line.substr(equals + 1));
        if (key == "aws_access_key_id") {
            found.key_id = value;
        } else if (key == "aws_secret_access_key") {
            found.secret = value;
        } else if (key == "aws_session_token") {
            found.session_token = value;
        }
    }
    return checked(std::move(found), fmt::format("the profile [default] of {}", name));
}

}  // namespace howl::storage::dynamodb
