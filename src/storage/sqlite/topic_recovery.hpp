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

/// A row of `topics` or `forgotten_topics` that can't be read, and what becomes of it.
struct DamagedRow {
    enum class Fate : std::uint8_t {
        kRecovered,  ///< What it said is known again.
        kDoubtful,   ///< The same, but offsets behind it may have been given out.
        kLost,       ///< Which topic it was, or how far that had come, is not known any more.
    };
    std::string_view table;
    std::int64_t key = 0;
    Error error;
    Fate fate = Fate::kLost;
};

/// A row of `topics` that can't be read. Nothing in it can be relied on.
struct DamagedTopic {
    std::int64_t id = 0;
    std::string name;
    TopicRow claim;
    Error error;
};

struct RecoveredTopic {
    DamagedRow::Fate fate = DamagedRow::Fate::kLost;
    std::optional<NamedTopicRow> topic;  ///< Nothing: it is lost.
};

/// What damaged rows of `topics` said, as far as the events that are kept of their topics show it.
///
/// The checksum of an event covers its topic's name, so a name that fits an event is right; the
/// index of names is asked for it as well as the row. The newest event is the topic's last one, as
/// only the oldest are ever dropped, unless the row, an idempotency key or a damaged event says
/// that there was more: then the topic is doubtful. The rule for what is kept is the default or the
/// row's, whichever keeps more, until the next event brings the right one.
///
/// One for each of `damaged`, in their order. Errors: those of `Query::step`.
[[nodiscard]] Result<std::vector<RecoveredTopic>> recover_topics(
    Connection& connection, const std::vector<DamagedTopic>& damaged);

}  // namespace howl::storage::sqlite
