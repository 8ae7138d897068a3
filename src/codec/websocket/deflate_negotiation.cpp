// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/deflate_negotiation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"

namespace howl::codec::websocket {
namespace {

// RFC 7692 section 7.1.2. zlib's own minimum is 9 (`kWindowBitsMin`).
constexpr std::uint8_t kWindowBitsLeast = 8;

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
    Offer(std::string_view name, WindowBits server_window_least)
        : server_window_least_(std::max(server_window_least, kWindowBitsMin)),
          acceptable_(name == "permessage-deflate") {}

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
                return server_window_ && *server_window_ >= server_window_least_;
            case kClientWindow:
                // Our inflater takes any window, so the hint needs no answer.
                return !value || parse_window_bits(*value);
            default:  // The two flags.
                return !value;
        }
    }

    const WindowBits server_window_least_;
    bool acceptable_;
    std::array<bool, kParameters.size()> seen_{};
    std::optional<WindowBits> server_window_;
};

/// Nothing: malformed.
std::optional<Offer> read_offer(const http::FieldMember& member, WindowBits server_window_least) {
    const auto parameters = http::parse_parameters(member.parameters);
    if (!parameters || !http::is_token(member.value)) {
        return std::nullopt;
    }
    Offer offer{member.value, server_window_least};
    for (const auto& [name, value] : *parameters) {
        // Values are tokens, in quotes or not (RFC 6455 section 9.1).
        if (name.empty() || (value && !http::is_token(*value))) {
            return std::nullopt;
        }
        offer.add(name, value);
    }
    return offer;
}

}  // namespace

std::optional<DeflateAgreement> negotiate_deflate(std::string_view sec_websocket_extensions,
                                                  WindowBits server_window_least) {
    std::optional<DeflateAgreement> agreed;
    http::FieldList offers{sec_websocket_extensions};
    while (const auto member = offers.next()) {
        const auto offer = read_offer(*member, server_window_least);
        if (!offer) {
            return std::nullopt;
        }
        if (!agreed) {
            agreed = offer->agreement();
        }
    }
    return agreed;
}

}  // namespace howl::codec::websocket
