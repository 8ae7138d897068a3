// SPDX-License-Identifier: Apache-2.0
// JSON of the apps and of the broker: what is stored can be read again as it was, and a relay
// client's frame says who it is from without harm.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "broker/kafka/checkpoint.hpp"
#include "compat/chat/relay_frame.hpp"
#include "compat/reports/wanted_move.hpp"
#include "products/chat/member.hpp"
#include "products/chat/message.hpp"
#include "products/cloud/instance.hpp"
#include "products/cloud/notice.hpp"
#include "products/reports/report.hpp"
#include "products/reports/report_notice.hpp"
#include "require.hpp"

namespace {

template <class Stored>
void require_round_trip(std::string_view text) {
    if (const auto value = Stored::parse(text)) {
        require(Stored::parse(value->text()).value() == *value);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    require_round_trip<howl::products::cloud::Instance>(text);
    require_round_trip<howl::products::chat::Member>(text);
    require_round_trip<howl::products::reports::Report>(text);
    require_round_trip<howl::products::reports::ReportNotice>(text);
    require_round_trip<howl::compat::reports::WantedMove>(text);
    require_round_trip<howl::broker::kafka::Checkpoint>(text);
    if (const auto move = howl::compat::reports::WantedMove::parse(text)) {
        constexpr std::size_t kUuidBytes = 16;
        require(move->key().size() == kUuidBytes);
    }
    if (const auto notice = howl::products::cloud::Notice::parse(text)) {
        require(howl::products::cloud::Notice::parse(notice->text()).has_value());
    }
    if (const auto message = howl::products::chat::Message::parse(text)) {
        require(howl::products::chat::Message::parse(message->data()).has_value());
        static_cast<void>(message->readable_text());
        static_cast<void>(message->relay_text({}));
    }
    static_cast<void>(howl::compat::chat::read_relay_frame(text));
    return 0;
}
