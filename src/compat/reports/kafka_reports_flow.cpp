// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/kafka_reports_flow.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "compat/reports/kafka_move_dispatcher.hpp"
#include "compat/reports/wanted_move.hpp"
#include "telemetry/metrics.hpp"

namespace howl::compat::reports {

using broker::Effect;
using broker::Poison;
using broker::Record;
using telemetry::Counter;

namespace {

Result<ReportsApp::MoveRequest> request_of(const Record& record, const std::string& stream) {
    const std::string_view value = record.value ? *record.value : std::string_view{};
    if (value.size() > limits::kEventBytesMax) {
        return fail(Errc::kBodyTooLarge, "move record");
    }
    HOWL_TRY(message, WantedMove::parse(value));
    ReportsApp::MoveRequest request;
    request.report_id = std::move(message.report_id);
    request.to = message.to;
    request.origin = {stream, record.offset};
    if (const auto user = record.header(kUserHeader)) {
        if (user->size() > limits::kRecordOwnerBytesMax || !is_valid_utf8(*user)) {
            return fail(Errc::kBadRequest, "move record", "its user");
        }
        request.actor = {std::string{*user}, "v4"};
        request.owner = *user;
    } else {
        request.actor = {"kafka", "kafka"};
    }
    return request;
}

/// What the same record would come to again. All else is the store's trouble, which passes.
bool is_refusal(const Error& error) {
    return error.code == Errc::kNotFound || error.code == Errc::kIllegalState ||
           error.code == Errc::kLimitReached || error.code == Errc::kDamaged;
}

Result<MoveDispatcher::Progress> progress_of(const Result<ReportsApp::Outcome>& moved) {
    if (!moved) {
        return std::unexpected(moved.error());
    }
    return MoveDispatcher::Progress::kApplied;
}

}  // namespace

runtime::Task<Result<Effect>> KafkaReportsFlow::take(hub::Hub& hub, const Record& record,
                                                     const std::string& stream) {
    auto request = request_of(record, stream);
    if (!request) {
        co_return Effect{Poison{std::move(request).error()}};
    }
    const auto moved = co_await app_.move(hub, std::move(*request));
    if (!moved && !is_refusal(moved.error())) {
        co_return std::unexpected(moved.error());
    }
    if (!moved) {
        telemetry::count(Counter::kKafkaRefusedMoves);
    } else if (moved->freshness == hub::Freshness::kRepeated) {
        telemetry::count(Counter::kKafkaRepeated);
    }
    if (const auto asked = record.header(kRequestHeader)) {
        dispatcher_.settle(*asked, progress_of(moved));
    }
    co_return Effect{broker::NothingToStore{}};
}

}  // namespace howl::compat::reports
