// SPDX-License-Identifier: Apache-2.0
#include "codec/http/target.hpp"

#include <boost/core/detail/string_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/grammar/hexdig_chars.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include "codec/http/framing_guard.hpp"

namespace howl::codec::http {
namespace {

namespace urls = boost::urls;

enum class Plus : std::uint8_t { kItself, kSpace };

std::unexpected<Error> bad_target() {
    return fail(Errc::kBadRequest, "request target", "the target is not a valid path and query");
}

std::string decode(std::string_view text, Plus plus) {
    const auto encoded =
        urls::make_pct_string_view(boost::core::string_view{text.data(), text.size()});
    if (!encoded) {
        return {};  // Excluded by the requirement; an empty text harms nobody.
    }
    urls::encoding_opts options;
    options.space_as_plus = plus == Plus::kSpace;
    return encoded->decode(options);
}

/// Calls `take(piece)` for each piece between separators until it returns false.
template <class Take>
void split(std::string_view text, char separator, Take take) {
    for (;;) {
        const auto end = text.find(separator);
        if (!take(text.substr(0, end)) || end == std::string_view::npos) {
            return;
        }
        text.remove_prefix(end + 1);
    }
}

/// Calls `take(value)` for each value of parameter `name` until it returns false.
template <class Take>
void each_query_value(std::string_view query, std::string_view name, Take take) {
    split(query, '&', [&](std::string_view parameter) {
        const auto equals = parameter.find('=');
        if (parameter.empty() || decode(parameter.substr(0, equals), Plus::kSpace) != name) {
            return true;
        }
        return take(equals == std::string_view::npos
                        ? std::string{}
                        : decode(parameter.substr(equals + 1), Plus::kSpace));
    });
}

bool is_encoded(std::string_view text) {
    return text.size() > 2 && urls::grammar::hexdig_value(text[1]) >= 0 &&
           urls::grammar::hexdig_value(text[2]) >= 0;
}

/// Encodes the letters of `plain`, and each `%` that encodes nothing.
std::string encode_plain(std::string_view text, std::string_view plain) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        if (plain.contains(letter) || (letter == '%' && !is_encoded(text.substr(at)))) {
            out += urls::encode({&letter, 1}, urls::unreserved_chars);
        } else {
            out += letter;
        }
    }
    return out;
}

/// Cuts `http://authority` off an absolute form and returns what is left.
Result<std::string_view> take_authority(std::string_view text, std::string_view& authority) {
    constexpr std::string_view kSlashes = "://";
    const auto begin = text.find(kSlashes);
    if (begin == std::string_view::npos) {
        return bad_target();
    }
    const auto end = text.find_first_of("/?#", begin + kSlashes.size());
    const auto origin = text.substr(0, end);
    const auto uri =
        urls::parse_absolute_uri(boost::core::string_view{origin.data(), origin.size()});
    if (!uri || !uri->has_authority() || uri->has_userinfo() ||
        (uri->scheme_id() != urls::scheme::http && uri->scheme_id() != urls::scheme::https)) {
        return bad_target();
    }
    const auto encoded = uri->encoded_authority();
    authority = {encoded.data(), encoded.size()};
    if (authority.empty() || !is_host(authority)) {
        return bad_target();
    }
    return text.substr(static_cast<std::size_t>(authority.data() + authority.size() - text.data()));
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    constexpr std::string_view kInPath = "[]{}|^`";
    constexpr std::string_view kInQuery = "[]{}|^`\\";
    if (text == "*") {
        return Target{.authority = {}, .path = "*", .query = {}};
    }
    Target target;
    if (!text.starts_with('/')) {
        HOWL_TRY(rest, take_authority(text, target.authority));
        text = rest;
    }
    const auto question = text.find('?');
    target.path = encode_plain(text.substr(0, question), kInPath);
    if (question != std::string_view::npos) {
        target.query = encode_plain(text.substr(question + 1), kInQuery);
    }
    if (target.path.empty() && !target.authority.empty()) {
        target.path = "/";  // RFC 9110 section 4.2.3: the same thing.
    }
    if (!urls::parse_origin_form(target.path + '?' + target.query) || target.path.contains("%00")) {
        return bad_target();
    }
    return target;
}

std::vector<std::string> decode_path_segments(std::string_view path) {
    std::vector<std::string> segments;
    if (path.size() > 1) {
        split(path.substr(1), '/', [&segments](std::string_view segment) {
            segments.push_back(decode(segment, Plus::kItself));
            return true;
        });
    }
    return segments;
}

std::vector<std::string> decode_query_values(std::string_view query, std::string_view name) {
    std::vector<std::string> values;
    each_query_value(query, name, [&values](std::string value) {
        values.push_back(std::move(value));
        return true;
    });
    return values;
}

std::string query_of_form(std::string_view body) {
    return encode_plain(body, {});
}

std::optional<std::string> decode_query_value(std::string_view query, std::string_view name) {
    std::optional<std::string> first;
    each_query_value(query, name, [&first](std::string value) {
        first = std::move(value);
        return false;
    });
    return first;
}

}  // namespace howl::codec::http
