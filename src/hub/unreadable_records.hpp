// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/store.hpp"

// Records that are stored and can't be read: a damaged row, an item that another program changed, a
// text that its app can't parse. One of them must cost nobody else anything, so whoever meets one
// leaves it out, says so here, and goes on. `howl store check` finds them and takes them away.
namespace howl::hub {

/// Counts that a read has left a record out, and says so in one log line for each record, the first
/// time. `table` and `id` are what an operator finds it by.
///
/// Thread: any.
/// Limits: beyond `kUnreadableNamedMax` records the line is left out; the count goes on.
void note_unreadable(std::string_view table, std::string_view id, const Error& why);
inline constexpr std::size_t kUnreadableNamedMax = 1000;

/// What of `why` helps an operator.
[[nodiscard]] std::string reason_of(const Error& why);

/// One that was found by an inspection.
struct UnreadableRecord {
    /// What puts an end to it.
    enum class Remedy : std::uint8_t {
        kRemove,  ///< Taking it away.
        kStart,   ///< The server's next start, which puts it right.
    };
    std::string table;
    std::string id;  ///< Of a record in the data directory with its kind: `kind/id`.
    std::string reason;
    std::string content;  ///< All that is stored of it, as one line of JSON.
    Remedy remedy = Remedy::kRemove;
};

/// What an app says of a record of its kind. Errors: why it can't be read.
using RecordCheck = std::function<Result<void>(const Record&)>;

}  // namespace howl::hub
