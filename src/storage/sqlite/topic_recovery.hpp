// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

/// A row of `topics` or `forgotten_topics` that can't be read, and how far it is recovered.
struct DamagedRow {
    enum class Outcome : std::uint8_t {
        kRecovered,  ///< Its values are known again.
        kDoubtful,   ///< The same, but offsets after the known ones may have been given out.
        kLost,       ///< Its topic, or its newest offset, is unknown.
    };
    std::string_view table;
    std::int64_t key = 0;
    Error error;
    Outcome outcome = Outcome::kLost;
};

/// A row of `topics` that can't be read. Nothing in it can be relied on.
struct DamagedTopic {
    std::int64_t id = 0;
    std::string name;
    TopicRow unverified;
    Error error;
};

struct RecoveredTopic {
    DamagedRow::Outcome outcome = DamagedRow::Outcome::kLost;
    std::optional<NamedTopicRow> topic;  ///< Nothing: it is lost.
};

/// Recovers damaged rows of `topics` from the kept events of their topics.
///
/// The checksum of an event covers its topic's name, so a name that fits an event is right; it is
/// looked for in the index of names as well as in the row. The newest event is the topic's last
/// one, as only the oldest are ever dropped, unless the row, an idempotency key or a damaged event
/// shows that there were more: then the topic is doubtful. The retention is the default or the
/// row's, whichever keeps more, until the next event brings the right one.
///
/// One for each of `damaged`, in their order. Errors: those of `Query::step`.
[[nodiscard]] Result<std::vector<RecoveredTopic>> recover_topics(
    Connection& connection, const std::vector<DamagedTopic>& damaged);

}  // namespace howl::storage::sqlite
