// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "broker/flow.hpp"
#include "hub/event.hpp"

namespace howl::compat::inbox {

/// Messages from Kafka to the users of `/v3` (docs/protocols, v3): `username:message`, split at the
/// first colon. Poison: no colon, no UTF-8, too large, a name that is too long.
class KafkaInboxFlow final : public broker::RecordFlow {
public:
    [[nodiscard]] runtime::Task<Result<broker::Effect>> take(hub::Hub& hub,
                                                             const broker::Record& record,
                                                             const std::string& stream) override;
};

/// The event that such a text becomes. Errors: why it is poison.
[[nodiscard]] Result<hub::NewEvent> inbox_event_of(std::string_view text);

}  // namespace howl::compat::inbox
