// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "products/product_rig_for_test.hpp"
#include "products/reports/report_notice.hpp"
#include "products/reports/reports_app.hpp"

namespace howl::products::reports {

inline const std::string kAnna = "aaaaaaaa-0000-4000-8000-000000000001";
inline const std::string kBob = "bbbbbbbb-0000-4000-8000-000000000002";
inline const std::string kNobodys = "00000000-0000-4000-8000-00000000000f";

/// How a new report gets there.
inline std::vector<Status> way_to(Status status) {
    switch (status) {
        case Status::kPending:
            return {};
        case Status::kQueued:
        case Status::kCanceled:
            return {status};
        case Status::kProcessing:
            return {Status::kQueued, status};
        case Status::kFailed:
        case Status::kCompleted:
            return {Status::kQueued, Status::kProcessing, status};
    }
    return {};
}

/// `new`, `repeated`, or the name of the error.
inline std::string word_of(const Result<ReportsApp::Outcome>& result) {
    if (!result) {
        return std::string{result.error().entry().name};
    }
    return result->freshness == hub::Freshness::kNew ? "new" : "repeated";
}

/// The reports on a node in memory.
class ReportsRig : public ProductRig {
public:
    using Outcome = ReportsApp::Outcome;
    using MoveRequest = ReportsApp::MoveRequest;

    explicit ReportsRig(ReportsSettings settings = {})
        : ProductRig({{"*", {hub::Lane::kDurable, {.count_max = 100'000}}}}),
          app(store, std::move(settings)) {}

    [[nodiscard]] Result<Outcome> create(const std::string& user, const std::string& key = {}) {
        return result_of(app.create(elsewhere(), random, new_report(user, key)));
    }
    [[nodiscard]] static ReportsApp::NewReport new_report(const std::string& user,
                                                          const std::string& key = {}) {
        return {user, {user, "test"}, key};
    }
    /// The id of a new report of Anna's that has come to `status`.
    std::string make(Status status = Status::kPending) {
        const auto id = create(kAnna)->stored.report.id;
        for (const Status step : way_to(status)) {
            HOWL_ASSERT(move(id, step) == "new");
        }
        return id;
    }

    [[nodiscard]] static MoveRequest request(const std::string& id, Status to) {
        return {id, to, {kAnna, "test"}};
    }
    [[nodiscard]] static MoveRequest from_record(const std::string& id, Status to, Origin origin) {
        return {id, to, {"kafka", "kafka"}, std::nullopt, std::move(origin)};
    }
    [[nodiscard]] Pending<Result<Outcome>> begin_move(MoveRequest wanted) {
        return begin(app.move(elsewhere(), std::move(wanted)));
    }
    [[nodiscard]] Result<Outcome> run(MoveRequest wanted) {
        return result_of(app.move(elsewhere(), std::move(wanted)));
    }
    std::string move(const std::string& id, Status to) { return word_of(run(request(id, to))); }

    [[nodiscard]] ReportsApp::Stored find(const std::string& id, const std::string& user = kAnna) {
        return result_of(app.find(elsewhere(), user, id)).value();
    }
    [[nodiscard]] std::string state_of(const std::string& id) {
        return std::string{name_of(find(id).report.status())};
    }
    /// `report_created pending`, in their order.
    [[nodiscard]] std::vector<std::string> told(const std::string& user = kAnna) {
        std::vector<std::string> words;
        for (const auto& event : events(topic_of(user).text())) {
            const auto notice = ReportNotice::parse(event->data).value();
            words.push_back(fmt::format("{} {}", event->type, name_of(notice.move.to)));
        }
        return words;
    }
    /// Puts a record there as another program would.
    void store_text(const std::string& id, const std::string& owner, const std::string& text) {
        hub::AppendBatch nothing;
        nothing.done = [](auto outcome) { HOWL_ASSERT(outcome.has_value()); };
        memory.commit({{std::string{kRecordKind}, id}, Version{0}, owner, text},
                      std::move(nothing));
        settle();
    }

    ReportsApp app;
};

}  // namespace howl::products::reports
