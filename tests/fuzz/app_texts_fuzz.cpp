// SPDX-License-Identifier: Apache-2.0
// JSON of the apps and of the broker: what is stored can be read again as it was, and a relay
// client's frame says who it is from without harm.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apps/chat/member.hpp"
#include "apps/chat/message.hpp"
#include "apps/chat/relay_frame.hpp"
#include "apps/cloud/instance.hpp"
#include "apps/cloud/notice.hpp"
#include "apps/reports/report.hpp"
#include "apps/reports/report_notice.hpp"
#include "apps/reports/wanted_move.hpp"
#include "broker/kafka/place.hpp"
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
    require_round_trip<howl::apps::cloud::Instance>(text);
    require_round_trip<howl::apps::chat::Member>(text);
    require_round_trip<howl::apps::reports::Report>(text);
    require_round_trip<howl::apps::reports::ReportNotice>(text);
    require_round_trip<howl::apps::reports::WantedMove>(text);
    require_round_trip<howl::broker::kafka::Place>(text);
    if (const auto move = howl::apps::reports::WantedMove::parse(text)) {
        constexpr std::size_t kUuidBytes = 16;
        require(move->key().size() == kUuidBytes);
    }
    if (const auto notice = howl::apps::cloud::Notice::parse(text)) {
        require(howl::apps::cloud::Notice::parse(notice->text()).has_value());
    }
    if (const auto message = howl::apps::chat::Message::parse(text)) {
        require(howl::apps::chat::Message::parse(message->data()).has_value());
        static_cast<void>(message->readable_text());
        static_cast<void>(message->relay_text({}));
    }
    static_cast<void>(howl::apps::chat::read_relay_frame(text));
    return 0;
}
