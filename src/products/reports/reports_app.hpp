// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/cursor.hpp"
#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "products/reports/report.hpp"
#include "products/settings.hpp"
#include "runtime/task.hpp"

namespace howl::products::reports {

struct ReportsSettings {
    /// Reports of one user; creates that overlap may pass it by their number. Reached:
    /// `kLimitReached`.
    std::uint64_t per_user_max = 10'000;
    /// Silence on `/v4/sse` before a keep-alive comment.
    std::chrono::milliseconds keep_alive = std::chrono::seconds{30};
    /// Pages of these origins may use `/v4`; the original let everyone.
    std::vector<std::string> allowed_origins;
    /// Where reports are kept.
    StoreChoice store = StoreChoice::kEmbedded;
};

/// Report status tracking: reports of users and their eight legal moves (docs/protocols, v4).
///
/// It keeps nothing in memory: each verb reads the record, decides, and commits over the version
/// that it read, so verbs may run on every shard and the number of reports is bounded by the store
/// alone. Of two moves that overlap the second reads again and is judged by the new state.
///
/// Thread: any shard; `hub` is the caller's.
class ReportsApp {
public:
    ReportsApp(hub::Store& store, ReportsSettings settings);

    struct NewReport {
        std::string user;
        Actor actor;
        /// Not empty: the report's id is made of it and of the user, so a repeated create finds the
        /// first one's report.
        std::string idempotency_key{};
    };
    /// A report, and what the store knows of it beside its text.
    struct Stored {
        Report report;
        Version version;
    };
    struct Outcome {
        Stored stored;
        hub::Freshness freshness = hub::Freshness::kNew;
    };
    /// Completes when durable; `kRepeated` comes with the first one's report as it is now.
    /// Errors: `kLimitReached`, the store's.
    [[nodiscard]] runtime::Task<Result<Outcome>> create(hub::Hub& hub, Random& random,
                                                        NewReport wanted);

    struct MoveRequest {
        std::string report_id;
        Status to = Status::kPending;
        Actor actor;
        /// Set: the report has to be this user's; another's is `kNotFound`.
        std::optional<std::string> owner{};
        /// Set: a record at or before the last one that moved this report is `kRepeated`.
        std::optional<Origin> origin{};
    };
    /// Errors: `kNotFound`; `kIllegalState`, whose detail lists what is allowed; `kLimitReached`
    /// (attempts); `kVersionConflict`, where others move it all the time; the store's. A refused
    /// move stores nothing and tells nobody.
    [[nodiscard]] runtime::Task<Result<Outcome>> move(hub::Hub& hub, MoveRequest request);

    /// Errors: `kNotFound` (also another user's, and one that can't be read), the store's.
    [[nodiscard]] runtime::Task<Result<Stored>> find(hub::Hub& hub, std::string user,
                                                     std::string report_id);
    struct Listing {
        std::vector<Stored> reports;  ///< By creation, oldest first.
        /// A reader of the user's topic that goes on from here misses nothing; what it sees twice,
        /// where the store can't list one moment, it tells by `version`.
        hub::Cursor cursor;
    };
    /// Errors: the store's.
    [[nodiscard]] runtime::Task<Result<Listing>> list(hub::Hub& hub, std::string user);

    [[nodiscard]] const ReportsSettings& settings() const noexcept { return settings_; }

private:
    /// A move that loses this often in a row to others is told so.
    static constexpr int kTriesMax = 8;

    [[nodiscard]] runtime::Task<Result<Outcome>> make(hub::Hub& hub, std::string id,
                                                      NewReport wanted);
    [[nodiscard]] runtime::Task<Result<Outcome>> find_earlier(hub::Hub& hub, std::string id);
    /// Errors: `kNotFound`; `kIllegalState` where a record is there that can't be read or is no
    /// report; the store's.
    [[nodiscard]] runtime::Task<Result<Stored>> read(hub::Hub& hub, std::string report_id);
    /// Errors: `kLimitReached`, the store's.
    [[nodiscard]] runtime::Task<Result<void>> check_room(hub::Hub& hub, std::string user);
    /// Stores what a report has become over the version that was seen, and tells of it.
    [[nodiscard]] runtime::Task<Result<Outcome>> commit(hub::Hub& hub, Stored next,
                                                        std::string_view type);
    /// Errors: those of `move`; `kVersionConflict`: somebody else was faster.
    [[nodiscard]] runtime::Task<Result<Outcome>> try_move(hub::Hub& hub,
                                                          const MoveRequest& request);

    hub::Store& store_;
    const ReportsSettings settings_;
};

/// A store may hold what other programs wrote; what names a topic has to be what we think it is. No
/// move is legal from what is no report, however often it is tried. Errors: `kIllegalState`.
[[nodiscard]] Result<ReportsApp::Stored> stored_from(const hub::Record& record);

}  // namespace howl::products::reports
