// SPDX-License-Identifier: Apache-2.0
#include "products/reports/reports_app.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "hub/storing.hpp"
#include "hub/unreadable_records.hpp"
#include "products/reports/report_notice.hpp"
#include "products/turns.hpp"
#include "products/uuid.hpp"

namespace howl::products::reports {

using runtime::Task;

namespace {

bool was_consumed(const Report& report, const std::optional<Origin>& origin) {
    if (!origin) {
        return false;
    }
    const auto found = report.consumed.find(origin->stream);
    return found != report.consumed.end() && origin->offset <= found->second;
}

/// A report has one stream at a time, that of its key; others are from before its topic was made
/// anew or split further, and which of them is forgotten first does not matter.
void remember(Report& report, const Origin& origin) {
    report.consumed.insert_or_assign(origin.stream, origin.offset);
    if (report.consumed.size() > Report::kStreamsMax) {
        const bool is_first = report.consumed.begin()->first == origin.stream;
        report.consumed.erase(is_first ? std::prev(report.consumed.end())
                                       : report.consumed.begin());
    }
}

Result<void> check_may_move(const Report& report, Status to) {
    const Status from = report.status();
    if (!may_move(from, to)) {
        const auto allowed = names_of(moves_from(from));
        return fail(Errc::kIllegalState, "move report",
                    fmt::format("from {} to: {}", name_of(from),
                                allowed.empty() ? "nothing, it is final" : allowed));
    }
    if (to == Status::kPending && report.attempt() >= Report::kAttemptsMax) {
        return fail(Errc::kLimitReached, "move report",
                    fmt::format("a report has at most {} attempts", Report::kAttemptsMax));
    }
    return {};
}

/// Requires: `check_may_move`.
Report moved(Report report, const ReportsApp::MoveRequest& request, WallTime now) {
    const auto attempt = report.attempt() + (request.to == Status::kPending ? 1 : 0);
    report.history.push_back({request.to, now, request.actor, attempt});
    if (request.origin) {
        remember(report, *request.origin);
    }
    return report;
}

/// The same for a repeated create, on every node and after every restart.
std::string id_of_create(const ReportsApp::NewReport& wanted) {
    return uuid_named(fmt::format("report {} {}", wanted.user, wanted.idempotency_key));
}

/// What an earlier Howl made, of which a create may be repeated after an update.
std::string former_id_of_create(const ReportsApp::NewReport& wanted) {
    return uuid_of(codec::sha256_of({"howl report ", wanted.user, " ", wanted.idempotency_key}));
}

bool failed_with(const Result<ReportsApp::Outcome>& outcome, Errc code) {
    return !outcome && outcome.error().code == code;
}

std::unexpected<Error> no_report() {
    return fail(Errc::kIllegalState, "read report", "what is stored there is no report");
}

auto by_age(const ReportsApp::Stored& stored) {
    return std::tuple{stored.report.created_at(), std::string_view{stored.report.id}};
}

}  // namespace

ReportsApp::ReportsApp(hub::Store& store, ReportsSettings settings)
    : store_(store), settings_(std::move(settings)) {}

Task<Result<ReportsApp::Outcome>> ReportsApp::create(hub::Hub& hub, Random& random,
                                                     NewReport wanted) {
    if (wanted.idempotency_key.empty()) {
        auto id = random_uuid_text(random);
        co_return co_await make(hub, std::move(id), std::move(wanted));
    }
    const auto id = id_of_create(wanted);
    auto outcome = co_await find_earlier(hub, id);
    if (failed_with(outcome, Errc::kNotFound)) {
        outcome = co_await find_earlier(hub, former_id_of_create(wanted));
    }
    if (failed_with(outcome, Errc::kNotFound)) {
        outcome = co_await make(hub, id, std::move(wanted));
    }
    if (failed_with(outcome, Errc::kVersionConflict)) {  // Two were sent at the same time.
        outcome = co_await find_earlier(hub, id);
    }
    co_return outcome;
}

Task<Result<ReportsApp::Outcome>> ReportsApp::make(hub::Hub& hub, std::string id,
                                                   NewReport wanted) {
    HOWL_CO_TRY_VOID(co_await check_room(hub, wanted.user));
    const WallTime now = hub.shard().clock().wall_now();
    Stored first;
    first.report.id = std::move(id);
    first.report.user = std::move(wanted.user);
    first.report.history.push_back({Status::kPending, now, std::move(wanted.actor), 1});
    co_return co_await commit(hub, std::move(first), kCreated);
}

Task<Result<ReportsApp::Outcome>> ReportsApp::find_earlier(hub::Hub& hub, std::string id) {
    HOWL_CO_TRY(stored, co_await read(hub, std::move(id)));
    co_return Outcome{std::move(stored), hub::Freshness::kRepeated};
}

Task<Result<ReportsApp::Outcome>> ReportsApp::move(hub::Hub& hub, MoveRequest request) {
    auto outcome = co_await try_move(hub, request);
    for (int tries = 1; tries < kTriesMax && failed_with(outcome, Errc::kVersionConflict);
         ++tries) {
        outcome = co_await try_move(hub, request);
    }
    co_return outcome;
}

Task<Result<ReportsApp::Stored>> ReportsApp::find(hub::Hub& hub, std::string user,
                                                  std::string report_id) {
    auto stored = co_await read(hub, std::move(report_id));
    const bool is_unreadable = !stored && stored.error().code == Errc::kIllegalState;
    if (is_unreadable || (stored && stored->report.user != user)) {
        co_return fail(Errc::kNotFound, "find report", "there is no such report");
    }
    co_return stored;
}

Result<ReportsApp::Stored> stored_from(const hub::Record& record) {
    auto report = Report::parse(record.data);
    if (!report || parse_uuid(record.owner) != record.owner) {
        return no_report();
    }
    report->id = record.key.id;
    report->user = record.owner;
    return ReportsApp::Stored{std::move(*report), record.version};
}

Task<Result<ReportsApp::Listing>> ReportsApp::list(hub::Hub& hub, std::string user) {
    hub::Store::Query query{std::string{kRecordKind}, std::move(user)};
    HOWL_CO_TRY(listed, co_await hub::list_records(hub, store_, std::move(query)));
    Listing listing;
    listing.cursor = std::move(listed.cursor);
    std::size_t seen = 0;
    for (const auto& record : listed.records) {
        if (auto stored = stored_from(record)) {
            listing.reports.push_back(std::move(*stored));
        } else {
            hub::note_unreadable(kRecordKind, record.key.id, stored.error());
        }
        if (++seen % kThingsPerTurnMax == 0) {
            co_await next_turn(hub.shard());
        }
    }
    std::ranges::sort(listing.reports, {}, by_age);
    co_return listing;
}

Task<Result<ReportsApp::Stored>> ReportsApp::read(hub::Hub& hub, std::string report_id) {
    hub::RecordKey key{std::string{kRecordKind}, std::move(report_id)};
    const auto record = co_await hub::get_record(hub, store_, std::move(key));
    if (!record && record.error().code == Errc::kDamaged) {
        co_return no_report();
    }
    if (!record) {
        co_return std::unexpected(record.error());
    }
    if (!*record) {
        co_return fail(Errc::kNotFound, "find report", "there is no such report");
    }
    auto stored = stored_from(**record);
    if (!stored) {
        hub::note_unreadable(kRecordKind, (*record)->key.id, stored.error());
    }
    co_return stored;
}

Task<Result<void>> ReportsApp::check_room(hub::Hub& hub, std::string user) {
    hub::Store::Query query{std::string{kRecordKind}, std::move(user)};
    HOWL_CO_TRY(count, co_await hub::count_records(hub, store_, std::move(query)));
    if (count >= settings_.per_user_max) {
        co_return fail(Errc::kLimitReached, "create report",
                       fmt::format("a user has at most {} reports", settings_.per_user_max));
    }
    co_return Result<void>{};
}

Task<Result<ReportsApp::Outcome>> ReportsApp::commit(hub::Hub& hub, Stored next,
                                                     std::string_view type) {
    const Version seen = next.version;
    next.version = Version{seen.value() + 1};
    const Report& report = next.report;
    hub::RecordChange change{
        {std::string{kRecordKind}, report.id}, seen, report.user, report.text()};
    std::vector<hub::NewEvent> events;
    events.push_back(event_of(type, ReportNotice::of(report, next.version)));
    HOWL_CO_TRY_VOID(co_await hub::commit_record(hub, store_, access::kHowl, std::move(change),
                                                 std::move(events)));
    co_return Outcome{std::move(next), hub::Freshness::kNew};
}

Task<Result<ReportsApp::Outcome>> ReportsApp::try_move(hub::Hub& hub, const MoveRequest& request) {
    // By hand: with HOWL_CO_TRY here, g++ 12 at -O3 takes what frees this coroutine's frame for
    // another function than the one that made it (-Wmismatched-new-delete).
    auto found = co_await read(hub, request.report_id);
    if (!found) {
        co_return std::unexpected(std::move(found).error());
    }
    Report& report = found->report;
    if (request.owner && *request.owner != report.user) {
        co_return fail(Errc::kNotFound, "move report", "there is no such report");
    }
    if (was_consumed(report, request.origin)) {
        co_return Outcome{std::move(*found), hub::Freshness::kRepeated};
    }
    const auto legal = check_may_move(report, request.to);
    if (!legal) {
        co_return std::unexpected(legal.error());
    }
    report = moved(std::move(report), request, hub.shard().clock().wall_now());
    co_return co_await commit(hub, std::move(*found), kMoved);
}

}  // namespace howl::products::reports
