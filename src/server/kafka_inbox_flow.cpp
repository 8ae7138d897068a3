// SPDX-License-Identifier: Apache-2.0
#include "server/kafka_inbox_flow.hpp"

#include <utility>

#include "base/utf8.hpp"
#include "products/inbox/inbox_compat.hpp"

namespace howl::server {

using broker::kafka::Effect;

runtime::Task<Result<Effect>> KafkaInboxFlow::take(hub::Hub& /*hub*/,
                                                   const broker::kafka::Record& record,
                                                   const std::string& /*stream*/) {
    auto event = inbox_event_of(record.value.value_or(std::string{}));
    co_return event ? Effect{std::move(*event)}
                    : Effect{broker::kafka::Poison{std::move(event).error()}};
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
    HOWL_TRY(topic, products::inbox::topic_of("v3", username));
    hub::NewEvent event{.topic = std::move(topic),
                        .type = std::string{products::inbox::kFromKafka},
                        .data = std::string{text.substr(colon + 1)}};
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

}  // namespace howl::server
