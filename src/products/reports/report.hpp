// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace howl::products::reports {

/// Where a report stands. The names on every wire are the words in lower case.
enum class Status : std::uint8_t {
    kPending,
    kQueued,
    kProcessing,
    kCanceled,
    kFailed,
    kCompleted,
};
inline constexpr std::array kStatuses{Status::kPending,  Status::kQueued, Status::kProcessing,
                                      Status::kCanceled, Status::kFailed, Status::kCompleted};

[[nodiscard]] std::string_view name_of(Status status) noexcept;
/// `queued, canceled`
[[nodiscard]] std::string names_of(std::span<const Status> statuses);
[[nodiscard]] std::optional<Status> status_from(std::string_view name) noexcept;
/// The moves that `from` allows; eight in all (docs/protocols, v4).
[[nodiscard]] std::span<const Status> moves_from(Status from) noexcept;
[[nodiscard]] bool may_move(Status from, Status to) noexcept;

/// Who moved a report, and through which endpoint.
struct Actor {
    std::string by;   ///< The user; `kafka` for a record that names none.
    std::string via;  ///< `api`, `v4`, `kafka`.
    [[nodiscard]] bool operator==(const Actor&) const = default;
};

/// One entry of a report's history; the first is its creation.
struct Move {
    Status to = Status::kPending;
    WallTime at;
    Actor actor;
    std::uint64_t attempt = 1;  ///< Grows by one with each return to `pending`.
    [[nodiscard]] bool operator==(const Move&) const = default;
};

/// Where a move came from in an ordered stream of records outside, so that the same record never
/// moves a report twice. `stream` names one partition of one topic as long as its offsets mean the
/// same.
struct Origin {
    std::string stream;
    std::uint64_t offset = 0;
};

/// A report: the value of a record of kind `report`, owned by its user.
///
/// Limits: `kAttemptsMax` attempts and `kStreamsMax` streams, so that it all fits into one record.
struct Report {
    static constexpr std::uint64_t kAttemptsMax = 100;
    static constexpr std::size_t kStreamsMax = 8;

    std::string id;             ///< A UUID in lower case, with hyphens.
    std::string user;           ///< The same.
    std::vector<Move> history;  ///< Never empty, oldest first.
    /// By stream: the offset of the last record that moved this report.
    std::map<std::string, std::uint64_t, std::less<>> consumed;

    [[nodiscard]] Status status() const { return history.back().to; }
    [[nodiscard]] std::uint64_t attempt() const { return history.back().attempt; }
    [[nodiscard]] WallTime created_at() const { return history.front().at; }
    [[nodiscard]] WallTime updated_at() const { return history.back().at; }

    /// The record's text. `parse` also reads what only says `{"status":"queued"}`, an item that
    /// another program wrote: its history is that status, at the epoch, by nobody.
    /// Errors: `kInvalidJson`.
    [[nodiscard]] static Result<Report> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool operator==(const Report&) const = default;
};

/// The kind of their records.
inline constexpr std::string_view kRecordKind = "report";

}  // namespace howl::products::reports
