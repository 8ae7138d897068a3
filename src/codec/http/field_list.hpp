// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The one reader of fields whose value is a list, whose members may carry parameters and weights
/// (RFC 9110 sections 5.6.1, 5.6.6 and 12.4.2).
namespace howl::codec::http {

/// `; name=value` after a member of a list.
struct FieldParameter {
    std::string_view name;             ///< Empty: nothing stood between two semicolons.
    std::optional<std::string> value;  ///< Without the quotes of a quoted string.
};

/// One member of a list. Views into the field.
struct FieldMember {
    std::string_view value;       ///< A token, a media range, an entity tag, `name/version`, ...
    std::string_view parameters;  ///< From the first `;` on, as sent.
};

/// Cuts a field into its members, from left to right, without storing any. A comma in quotes is
/// part of its member, and empty members are left out.
///
/// What a member may be differs from field to field, so the caller checks it; a quote that is never
/// closed takes the rest of the field into its member.
class FieldList {
public:
    /// `field`: all values of the field, joined by commas (RFC 9110 section 5.3).
    explicit FieldList(std::string_view field) : rest_(field) {}

    /// The next member; nothing at the end.
    [[nodiscard]] std::optional<FieldMember> next();

private:
    std::string_view rest_;
};

/// All parameters of a member, in order. Nothing: they are malformed.
[[nodiscard]] std::optional<std::vector<FieldParameter>> parse_parameters(std::string_view text);

/// Thousandths.
inline constexpr std::uint16_t kFullWeight = 1000;
/// The value of the parameter `q`; full without one. Nothing: it can't be read. More lenient than
/// RFC 9110 section 12.4.2 where clients are: `.2` (Java's own) is 0.2.
[[nodiscard]] std::optional<std::uint16_t> weight_of(const FieldMember& member);

/// True if `member` is one of the list, in any case; its parameters don't matter.
[[nodiscard]] bool list_contains(std::string_view field, std::string_view member);

}  // namespace howl::codec::http
