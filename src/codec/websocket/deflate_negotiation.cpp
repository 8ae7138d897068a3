// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/deflate_negotiation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace howl::codec::websocket {
namespace {

// RFC 7692 section 7.1.2. zlib's own least, 9, is asked for where it matters.
constexpr std::uint8_t kWindowBitsLeast = 8;

constexpr bool is_token_letter(char letter) {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || kOthers.contains(letter);
}

/// Reads the grammar of RFC 6455 section 9.1, left to right.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    /// Takes `letter` and the space before it.
    bool take(char letter) {
        skip_space();
        if (!rest_.starts_with(letter)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Empty if there is none.
    std::string_view take_token() {
        skip_space();
        const auto* const end = std::ranges::find_if_not(rest_, is_token_letter);
        const std::string_view token{rest_.begin(), end};
        rest_.remove_prefix(token.size());
        return token;
    }

    /// A token, or a quoted string that holds one. Empty if there is none.
    std::string take_value() {
        if (!take('"')) {
            return std::string{take_token()};
        }
        std::string value;
        while (!rest_.empty() && rest_.front() != '"') {
            if (rest_.front() == '\\') {
                rest_.remove_prefix(1);
            }
            if (rest_.empty() || !is_token_letter(rest_.front())) {
                return {};
            }
            value += rest_.front();
            rest_.remove_prefix(1);
        }
        return take('"') ? value : std::string{};
    }

    bool at_end() {
        skip_space();
        return rest_.empty();
    }

private:
    void skip_space() {
        while (rest_.starts_with(' ') || rest_.starts_with('\t')) {
            rest_.remove_prefix(1);
        }
    }

    std::string_view rest_;
};

std::optional<WindowBits> parse_window_bits(std::string_view digits) {
    constexpr std::array<std::string_view, 8> kTexts{"8", "9", "10", "11", "12", "13", "14", "15"};
    const auto* const found = std::ranges::find(kTexts, digits);
    if (found == kTexts.end()) {
        return std::nullopt;
    }
    return WindowBits{static_cast<std::uint8_t>(kWindowBitsLeast + (found - kTexts.begin()))};
}

/// One extension that the client offers, while it is read.
class Offer {
public:
    explicit Offer(std::string_view name) : acceptable_(name == "permessage-deflate") {}

    void add(std::string_view parameter, const std::optional<std::string>& value) {
        acceptable_ = acceptable_ && is_acceptable(parameter, value);
    }

    [[nodiscard]] std::optional<DeflateAgreement> agreement() const {
        if (!acceptable_) {
            return std::nullopt;
        }
        DeflateAgreement agreed{
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover"};
        if (server_window_) {
            agreed.server_window = *server_window_;
            agreed.response +=
                "; server_max_window_bits=" + std::to_string(server_window_->value());
        }
        return agreed;
    }

private:
    enum Parameter : std::size_t { kServerTakeover, kClientTakeover, kServerWindow, kClientWindow };
    static constexpr std::array<std::string_view, 4> kParameters{
        "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits",
        "client_max_window_bits"};

    bool is_acceptable(std::string_view name, const std::optional<std::string>& value) {
        const auto* const found = std::ranges::find(kParameters, name);
        if (found == kParameters.end()) {
            return false;
        }
        const auto parameter = static_cast<std::size_t>(found - kParameters.begin());
        if (std::exchange(seen_[parameter], true)) {
            return false;
        }
        switch (parameter) {
            case kServerWindow:
                server_window_ = value ? parse_window_bits(*value) : std::nullopt;
                return server_window_ && *server_window_ >= kWindowBitsMin;
            case kClientWindow:
                // Our inflater takes any window, so the hint needs no answer.
                return !value || parse_window_bits(*value);
            default:  // The two flags.
                return !value;
        }
    }

    bool acceptable_;
    std::array<bool, kParameters.size()> seen_{};
    std::optional<WindowBits> server_window_;
};

/// Nothing: malformed.
std::optional<Offer> read_offer(Cursor& cursor) {
    const std::string_view name = cursor.take_token();
    if (name.empty()) {
        return std::nullopt;
    }
    Offer offer{name};
    while (cursor.take(';')) {
        const std::string_view parameter = cursor.take_token();
        std::optional<std::string> value;
        if (cursor.take('=')) {
            value = cursor.take_value();
        }
        if (parameter.empty() || (value && value->empty())) {
            return std::nullopt;
        }
        offer.add(parameter, value);
    }
    return offer;
}

}  // namespace

std::optional<DeflateAgreement> negotiate_deflate(std::string_view sec_websocket_extensions) {
    Cursor cursor{sec_websocket_extensions};
    std::optional<DeflateAgreement> agreed;
    while (!cursor.at_end()) {
        // Empty elements of a list are legal (RFC 9110 section 5.6.1).
        if (cursor.take(',')) {
            continue;
        }
        const auto offer = read_offer(cursor);
        if (!offer || (!cursor.at_end() && !cursor.take(','))) {
            return std::nullopt;
        }
        if (!agreed) {
            agreed = offer->agreement();
        }
    }
    return agreed;
}

}  // namespace howl::codec::websocket
