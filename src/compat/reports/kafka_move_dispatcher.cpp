// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/kafka_move_dispatcher.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "compat/reports/wanted_move.hpp"
#include "runtime/async_event.hpp"

namespace howl::compat::reports {

using broker::OutRecord;
using runtime::Task;

namespace {

OutRecord record_of(std::string topic, const ReportsApp::MoveRequest& request,
                    std::string request_name) {
    const WantedMove message{request.report_id, request.to};
    OutRecord record{std::move(topic), message.key(), message.text(), {}};
    record.headers.emplace_back(kRequestHeader, std::move(request_name));
    record.headers.emplace_back(kUserHeader, request.actor.by);
    return record;
}

}  // namespace

/// One request that waits, on its shard.
class KafkaMoveDispatcher::Question {
public:
    explicit Question(runtime::Shard& shard) : shard_(shard), woken_(shard) {}

    [[nodiscard]] runtime::Shard& shard() noexcept { return shard_; }
    void answer(Result<Progress> progress) {
        progress_ = std::move(progress);
        woken_.wake();
    }
    /// The answer may be there already: the record can be back before its confirmation.
    [[nodiscard]] Task<Result<Progress>> wait(std::chrono::milliseconds at_most) {
        if (!progress_) {
            co_await woken_.wait(at_most);
        }
        co_return progress_ ? std::move(*progress_) : Result<Progress>{Progress::kUnderway};
    }

private:
    runtime::Shard& shard_;
    runtime::AsyncEvent woken_;
    std::optional<Result<Progress>> progress_;
};

KafkaMoveDispatcher::KafkaMoveDispatcher(broker::SourceLink source, std::string process)
    : source_(std::move(source)), process_(std::move(process)) {}

KafkaMoveDispatcher::~KafkaMoveDispatcher() = default;

Task<Result<KafkaMoveDispatcher::Progress>> KafkaMoveDispatcher::send(
    hub::Hub& hub, ReportsApp::MoveRequest request) {
    if (!source_.is_read()) {
        co_return fail(Errc::kBrokerUnavailable, "send a move", "kafka is not read yet");
    }
    const auto question = std::make_shared<Question>(hub.shard());
    const auto number = enter(question);
    std::vector<OutRecord> records;
    records.push_back(record_of(source_.topic, request, fmt::format("{}-{}", process_, number)));
    const auto written = co_await source_.writer.send_all(hub.shard(), std::move(records));
    Result<Progress> progress = Progress::kUnderway;
    if (written) {
        progress = co_await question->wait(source_.reply_time);
    } else {
        progress = std::unexpected(written.error());
    }
    static_cast<void>(take(number));  // It may be gone already, with its answer.
    co_return progress;
}

void KafkaMoveDispatcher::settle(std::string_view request, Result<Progress> progress) {
    const auto hyphen = request.find('-');
    std::uint64_t number = 0;
    if (hyphen == std::string_view::npos || request.substr(0, hyphen) != process_) {
        return;
    }
    const char* const end = request.data() + request.size();
    const auto read = std::from_chars(request.data() + hyphen + 1, end, number);
    if (read.ec != std::errc{} || read.ptr != end) {
        return;
    }
    if (auto question = take(number)) {
        auto& shard = question->shard();
        // The shard gets the last reference: a question ends where its timer is.
        shard.post([question = std::move(question), progress = std::move(progress)]() mutable {
            question->answer(std::move(progress));
        });
    }
}

std::uint64_t KafkaMoveDispatcher::enter(std::shared_ptr<Question> question) {
    const MutexLock lock{mutex_};
    questions_.emplace(++last_number_, std::move(question));
    return last_number_;
}

std::shared_ptr<KafkaMoveDispatcher::Question> KafkaMoveDispatcher::take(std::uint64_t number) {
    const MutexLock lock{mutex_};
    const auto found = questions_.find(number);
    if (found == questions_.end()) {
        return nullptr;
    }
    auto question = std::move(found->second);
    questions_.erase(found);
    return question;
}

}  // namespace howl::compat::reports
