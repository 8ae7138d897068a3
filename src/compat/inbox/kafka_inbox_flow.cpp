// SPDX-License-Identifier: Apache-2.0
#include "compat/inbox/kafka_inbox_flow.hpp"

#include <utility>

#include "base/utf8.hpp"
#include "products/inbox/inbox.hpp"

namespace howl::compat::inbox {

using broker::Effect;
using products::inbox::kFromKafka;
using products::inbox::topic_of;

runtime::Task<Result<Effect>> KafkaInboxFlow::take(hub::Hub& /*hub*/, const broker::Record& record,
                                                   const std::string& /*stream*/) {
    auto event = inbox_event_of(record.value.value_or(std::string{}));
    co_return event ? Effect{std::move(*event)} : Effect{broker::Poison{std::move(event).error()}};
}

Result<hub::NewEvent> inbox_event_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return fail(Errc::kBadRequest, "inbox record", "it has no colon");
    }
    const auto username = text.substr(0, colon);
    if (!is_valid_utf8(username)) {
        return fail(Errc::kInvalidUtf8, "inbox record");
    }
    HOWL_TRY(topic, topic_of("v3", username));
    hub::NewEvent event{.topic = std::move(topic),
                        .type = std::string{kFromKafka},
                        .data = std::string{text.substr(colon + 1)}};
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

}  // namespace howl::compat::inbox
