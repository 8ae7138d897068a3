// SPDX-License-Identifier: Apache-2.0
#include "codec/http/preferences.hpp"

#include <cstdint>
#include <optional>

#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"

namespace howl::codec::http {
namespace {

/// How exactly a media range names a type; the exact one counts most.
enum class Match : std::uint8_t { kNone, kAnything, kGroup, kExact };

/// `*` alone is what Java's own client means by `*/*`.
Match match_of(std::string_view range, std::string_view type) {
    const auto slash = type.find('/');
    if (equals_ignoring_case(range, type)) {
        return Match::kExact;
    }
    if (range.ends_with("/*") &&
        equals_ignoring_case(range.substr(0, range.size() - 1), type.substr(0, slash + 1))) {
        return Match::kGroup;
    }
    return range == "*/*" || range == "*" ? Match::kAnything : Match::kNone;
}

/// RFC 9110 section 8.4.1.3: the same thing.
bool is_same_coding(std::string_view sent, std::string_view coding) {
    return equals_ignoring_case(sent, coding) ||
           (coding == "gzip" && equals_ignoring_case(sent, "x-gzip"));
}

/// The weight of `coding` in the header, or else of `*`; nothing where neither is in it.
std::optional<std::uint16_t> weight_of_coding(std::string_view field, std::string_view coding) {
    std::optional<std::uint16_t> by_name;
    std::optional<std::uint16_t> by_star;
    FieldList list{field};
    while (const auto member = list.next()) {
        auto& weight = member->value == "*" ? by_star : by_name;
        if (!weight && (member->value == "*" || is_same_coding(member->value, coding))) {
            weight = weight_of(*member);
        }
    }
    return by_name ? by_name : by_star;
}

std::string_view opaque(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

}  // namespace

std::string combined(const Request& request, std::string_view name) {
    std::string out;
    for (const auto& header : request.headers) {
        if (equals_ignoring_case(header.name, name)) {
            out += out.empty() ? "" : ", ";
            out += header.value;
        }
    }
    return out;
}

bool takes_type(const Request& request, std::string_view type) {
    const auto field = combined(request, "Accept");
    auto best = Match::kNone;
    std::uint16_t best_weight = 0;
    bool is_empty = true;
    FieldList list{field};
    while (const auto member = list.next()) {
        is_empty = false;
        const auto weight = weight_of(*member);
        const auto match = match_of(member->value, type);
        if (weight && match > best) {
            best = match;
            best_weight = *weight;
        }
    }
    return is_empty || best_weight > 0;
}

std::string_view best_coding(const Request& request, std::span<const std::string_view> codings) {
    const auto field = combined(request, "Accept-Encoding");
    // The plain bytes may always be sent; only a weight of their own sets them before a coding.
    auto best_weight = weight_of_coding(field, "identity").value_or(0);
    std::string_view best;
    for (const auto coding : codings) {
        const auto weight = weight_of_coding(field, coding).value_or(0);
        if (weight > best_weight || (weight > 0 && weight == best_weight && best.empty())) {
            best = coding;
            best_weight = weight;
        }
    }
    return best;
}

bool has_etag(const Request& request, std::string_view etag) {
    const auto field = combined(request, "If-None-Match");
    FieldList list{field};
    while (const auto member = list.next()) {
        if (member->value == "*" || opaque(member->value) == opaque(etag)) {
            return true;
        }
    }
    return false;
}

std::string_view media_type_of(const Request& request) {
    const auto value = request.header("Content-Type");
    return trim(value.substr(0, value.find(';')));
}

bool is_sent_plainly(const Request& request) {
    const auto field = combined(request, "Content-Encoding");
    FieldList codings{field};
    while (const auto coding = codings.next()) {
        if (!equals_ignoring_case(coding->value, "identity")) {
            return false;
        }
    }
    return true;
}

}  // namespace howl::codec::http
