// SPDX-License-Identifier: Apache-2.0
#include "codec/http/field_list.hpp"

#include <algorithm>

#include <boost/url/grammar/digit_chars.hpp>

#include "codec/http/field_line.hpp"

namespace howl::codec::http {
namespace {

/// Behind the quoted string that begins at `at`, or the end of the text.
std::size_t skip_quoted(std::string_view text, std::size_t at, bool has_escapes) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (has_escapes && text[at] == '\\') {
            ++at;
        }
    }
    return std::min(at + 1, text.size());
}

/// Reads parameters, left to right.
class ParameterReader {
public:
    explicit ParameterReader(std::string_view text) : rest_(text) {}

    bool at_end() {
        rest_ = trim(rest_);
        return rest_.empty();
    }

    /// Takes `letter` and the space before it.
    bool take(char letter) {
        rest_ = trim(rest_);
        if (!rest_.starts_with(letter)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Empty if there is none.
    std::string_view take_token() {
        rest_ = trim(rest_);
        const auto* const end = std::ranges::find_if_not(rest_, is_token_letter);
        const std::string_view token{rest_.begin(), end};
        rest_.remove_prefix(token.size());
        return token;
    }

    /// A token or a quoted string.
    std::optional<std::string> take_value() {
        rest_ = trim(rest_);
        if (!rest_.starts_with('"')) {
            const auto token = take_token();
            return token.empty() ? std::nullopt : std::optional{std::string{token}};
        }
        const auto size = skip_quoted(rest_, 0, true);
        const auto quoted = rest_.substr(0, size);
        rest_.remove_prefix(size);
        if (size < 2 || quoted.back() != '"') {
            return std::nullopt;
        }
        return unquoted(quoted.substr(1, size - 2));
    }

private:
    static std::optional<std::string> unquoted(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '\\' && ++at == text.size()) {
                return std::nullopt;  // It was the closing quote that was escaped.
            }
            out += text[at];
        }
        return out;
    }

    std::string_view rest_;
};

}  // namespace

std::optional<FieldMember> FieldList::next() {
    while (!rest_.empty()) {
        std::size_t at = 0;
        auto parameters = std::string_view::npos;
        while (at < rest_.size() && rest_[at] != ',') {
            const bool is_behind = parameters != std::string_view::npos;
            if (rest_[at] == '"') {
                // In an entity tag a backslash is itself (RFC 9110 section 8.8.3).
                at = skip_quoted(rest_, at, is_behind);
                continue;
            }
            if (rest_[at] == ';' && !is_behind) {
                parameters = at;
            }
            ++at;
        }
        const auto member = rest_.substr(0, at);
        rest_.remove_prefix(std::min(at + 1, rest_.size()));
        const auto value = trim(member.substr(0, parameters));
        if (!value.empty() || parameters != std::string_view::npos) {
            return FieldMember{value, parameters == std::string_view::npos
                                          ? std::string_view{}
                                          : member.substr(parameters)};
        }
    }
    return std::nullopt;
}

std::optional<std::vector<FieldParameter>> parse_parameters(std::string_view text) {
    std::vector<FieldParameter> parameters;
    ParameterReader reader{text};
    while (!reader.at_end()) {
        if (!reader.take(';')) {
            return std::nullopt;
        }
        FieldParameter parameter{reader.take_token(), std::nullopt};
        if (reader.take('=')) {
            parameter.value = reader.take_value();
            if (parameter.name.empty() || !parameter.value) {
                return std::nullopt;
            }
        }
        parameters.push_back(std::move(parameter));
    }
    return parameters;
}

std::optional<std::uint16_t> weight_of(const FieldMember& member) {
    const auto parameters = parse_parameters(member.parameters);
    if (!parameters) {
        return std::nullopt;
    }
    const auto weight = std::ranges::find_if(*parameters, [](const FieldParameter& parameter) {
        return equals_ignoring_case(parameter.name, "q");
    });
    if (weight == parameters->end()) {
        return kFullWeight;
    }
    const std::string_view text = weight->value ? std::string_view{*weight->value} : "";
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto part = point == std::string_view::npos ? "" : text.substr(point + 1);
    if ((whole.empty() && part.empty()) ||
        !std::ranges::all_of(part, boost::urls::grammar::digit_chars) ||
        (whole != "" && whole != "0" && whole != "1")) {
        return std::nullopt;
    }
    unsigned thousandths = whole == "1" ? kFullWeight : 0;
    unsigned scale = kFullWeight / 10;
    for (const char digit : part.substr(0, 3)) {
        thousandths += static_cast<unsigned>(digit - '0') * scale;
        scale /= 10;
    }
    return static_cast<std::uint16_t>(std::min<unsigned>(thousandths, kFullWeight));
}

bool list_contains(std::string_view field, std::string_view member) {
    FieldList list{field};
    while (const auto found = list.next()) {
        if (equals_ignoring_case(found->value, member)) {
            return true;
        }
    }
    return false;
}

}  // namespace howl::codec::http
