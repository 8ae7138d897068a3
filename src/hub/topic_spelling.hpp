// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// How a topic's name stands in the path of a URL: percent-encoded (RFC 3986 section 2.1) in
/// exactly one way, so that a proxy's rules for paths can't be walked around with a second one.
///
/// Letters, digits and `. _ ~ : -` stand plainly, and so does a slash between two segments.
/// Encoded, with capital hexadecimal digits, is everything else, and each slash that URL libraries
/// would take away or act upon: at the begin and the end, behind another slash, and beside a
/// segment that is
/// `.` or `..`. So `a/b` stays `a/b`; `https://x.org/a b` is `https:/%2Fx.org/a%20b`; `a/../b` is
/// `a%2F..%2Fb`. The names `.` and `..` are spelled as they are, since RFC 3986 knows no way to say
/// that such a segment is meant: only a client that sends paths as they are written can use them.
///
/// `name` may be any text, also one that is no name.
[[nodiscard]] std::string spell_topic(std::string_view name);

/// The name that is spelled so. Errors: `kInvalidTopic` for every other spelling of it too, with
/// the right one as the detail. Requires: every `%` in `spelling` begins an encoded byte.
[[nodiscard]] Result<TopicName> topic_spelled(std::string_view spelling);

}  // namespace howl::hub
