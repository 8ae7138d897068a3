// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.hpp"
#include "hub/event_log.hpp"

namespace howl::hub {

inline TopicName topic(std::string_view text) {
    return TopicName::parse(text).value();
}

inline NewEvent new_event(std::string_view topic_text, std::string data = "x",
                          std::string key = {}) {
    return {.topic = topic(topic_text), .data = std::move(data), .idempotency_key = std::move(key)};
}

/// An event log whose every step waits for the test's word: it commits at once or later, says so at
/// once or later, fails, forgets, and answers reads when told.
///
/// Thread: any; the script is set before the threads start.
class ScriptedEventLog final : public EventLog {
public:
    explicit ScriptedEventLog(Lane lane, Epoch epoch) : lane_(lane), epoch_(std::move(epoch)) {}

    // The script.

    /// Called at every step at which the world may change: before and after a slice is taken.
    std::function<void()> on_step;
    /// How many events `newest` gives; the rest is in the log only.
    std::size_t newest_max = 1'000'000;
    WallTime now;

    /// Part of the history of an earlier run.
    void has_stored(std::string_view topic_text, std::string data = "x") {
        const MutexLock lock{mutex_};
        store(new_event(topic_text, std::move(data)), {}, {});
    }
    /// Commits go on, but the listener hears of them only after `report`.
    void hold_reports() { reports_held_ = true; }
    void report() {
        const MutexLock lock{mutex_};
        reports_held_ = false;
        report_all();
    }
    void fail_next(Errc code) { failure_ = code; }
    void fail_reads(Errc code) { read_failure_ = code; }
    void hold_reads() { reads_held_ = true; }
    /// Answers the reads that wait. True if there were any.
    bool answer_reads() {
        auto waiting = std::exchange(held_reads_, {});
        for (auto& answer : waiting) {
            answer();
        }
        return !waiting.empty();
    }
    void forget(std::string_view topic_text, std::uint64_t through_offset) {
        const MutexLock lock{mutex_};
        evict(topic(topic_text), Offset{through_offset});
    }

    [[nodiscard]] bool is_read(std::string_view topic_text) {
        return listener_->is_read(topic(topic_text));
    }
    /// Forgets the whole topic, as a log does by itself.
    void forget_topic(std::string_view topic_text) {
        const auto name = topic(topic_text);
        MutexLock lock{mutex_};
        const TopicState state = state_of(name);
        evict(name, state.last_offset);
        forgotten_.add(name, {state.last_offset, state.last_sequence});
        states_.erase(name);
        lock.unlock();
        listener_->on_forgotten(std::span{&name, 1});
    }

    [[nodiscard]] std::size_t reads() const { return reads_; }
    [[nodiscard]] std::uint64_t last_offset(std::string_view topic_text) {
        const MutexLock lock{mutex_};
        return state_of(topic(topic_text)).last_offset.value();
    }

    // The port.

    Epoch epoch() const override { return epoch_; }
    Result<std::vector<TopicState>> topics() override {
        std::vector<TopicState> out;
        for (const auto& [name, state] : states_) {
            out.push_back(state);
        }
        return out;
    }
    ForgottenTopics forgotten() const override { return forgotten_; }
    Result<std::vector<EventRef>> newest(std::size_t /*bytes_max*/) override {
        const auto count = std::min(newest_max, events_.size());
        return std::vector(events_.end() - static_cast<std::ptrdiff_t>(count), events_.end());
    }
    void start(CommitListener& listener) override { listener_ = &listener; }
    void stop() override {}

    void append(AppendBatch batch) override {
        const MutexLock lock{mutex_};
        unreported_.push_back({commit(std::move(batch.items), batch.grouping),
                               std::move(batch.done), std::move(batch.updates)});
        if (!reports_held_) {
            report_all();
        }
    }
    void read(std::vector<TopicName> topics, Sequence after, std::size_t limit,
              ReadDone done) override {
        answer([this, topics = std::move(topics), after, limit, done = std::move(done)]() mutable {
            step();
            auto found = slice(topics, after, limit);
            step();
            if (read_failure_) {
                done(fail(*read_failure_, "read"));
            } else {
                done(std::move(found));
            }
        });
    }
    void history(TopicName name, Offset after, std::size_t limit, HistoryDone done) override {
        answer([this, name = std::move(name), after, limit, done = std::move(done)]() mutable {
            done(page(name, after, limit));
        });
    }
    void purge(TopicName name, PurgeScope /*scope*/, PurgeDone done) override {
        MutexLock lock{mutex_};
        const TopicState state = state_of(name);
        evict(name, state.last_offset);
        lock.unlock();
        done(state.last_sequence);
    }

private:
    void step() {
        if (on_step) {
            on_step();
        }
    }
    void answer(std::move_only_function<void()> read) {
        ++reads_;
        if (reads_held_) {
            held_reads_.push_back(std::move(read));
        } else {
            read();
        }
    }
    TopicState& state_of(const TopicName& name) {
        const auto mark = forgotten_.of(name);
        const TopicState fresh{name, mark.last_offset, mark.last_sequence, mark.last_sequence};
        return states_.try_emplace(name, fresh).first->second;
    }
    Result<Receipts> commit(std::vector<AppendBatch::Item> items, AppendBatch::Grouping grouping) {
        if (failure_) {
            return fail(*std::exchange(failure_, {}), "append");
        }
        Receipts receipts;
        PlaceInGroup place;
        if (grouping == AppendBatch::Grouping::kCopies) {
            place.count = static_cast<std::uint16_t>(items.size());
        }
        for (auto& item : items) {
            receipts.push_back(store(std::move(item.event), item.retention, place));
            ++place.index;
        }
        return receipts;
    }
    Receipt store(NewEvent event, const Retention& retention, PlaceInGroup place) {
        const auto key = std::pair{event.topic, event.idempotency_key};
        if (const auto found = keys_.find(key);
            !event.idempotency_key.empty() && found != keys_.end()) {
            return {found->second, Freshness::kRepeated};
        }
        TopicState& state = state_of(event.topic);
        last_sequence_ = last_sequence_.next();
        state.last_sequence = last_sequence_;
        state.last_offset = state.last_offset.next();
        auto stored = std::make_shared<const Event>(
            Event{.topic = event.topic,
                  .offset = state.last_offset,
                  .sequence = last_sequence_,
                  .lane = lane_,
                  .time = now,
                  .type = std::move(event.type),
                  .content_type = {},
                  .data = std::move(event.data),
                  .kind = event.kind,
                  .place = place.is_shared() ? place : PlaceInGroup{}});
        events_.push_back(stored);
        keys_.emplace(key, stored);
        if (state.last_offset.value() > retention.count_max) {
            evict(event.topic, Offset{state.last_offset.value() - retention.count_max});
        }
        return {stored, Freshness::kNew};
    }
    void evict(const TopicName& name, Offset through) {
        std::erase_if(events_, [&](const EventRef& event) {
            if (event->topic != name || event->offset > through) {
                return false;
            }
            state_of(name).evicted_through = event->sequence;
            return true;
        });
    }
    void report_all() {
        if (!unreported_.empty()) {
            listener_->on_commit(std::exchange(unreported_, {}));
        }
    }
    LogSlice slice(const std::vector<TopicName>& names, Sequence after, std::size_t limit) {
        const MutexLock lock{mutex_};
        LogSlice out;
        std::ranges::copy_if(names, std::back_inserter(out.gaps), [&](const TopicName& name) {
            return state_of(name).evicted_through > after;
        });
        for (const auto& event : events_) {
            if (event->sequence <= after || std::ranges::find(names, event->topic) == names.end()) {
                continue;
            }
            if (out.events.size() == limit) {
                out.complete = false;
                break;
            }
            out.events.push_back(event);
        }
        return out;
    }
    HistoryPage page(const TopicName& name, Offset after, std::size_t limit) {
        const MutexLock lock{mutex_};
        HistoryPage out;
        out.last_offset = state_of(name).last_offset;
        out.first_retained = out.last_offset.next();
        for (const auto& event : events_) {
            if (event->topic == name) {
                out.first_retained = std::min(out.first_retained, event->offset);
                if (event->offset > after && out.events.size() < limit) {
                    out.events.push_back(event);
                }
            }
        }
        return out;
    }

    const Lane lane_;
    const Epoch epoch_;
    bool reports_held_ = false;
    bool reads_held_ = false;
    std::optional<Errc> failure_;
    std::optional<Errc> read_failure_;
    std::vector<std::move_only_function<void()>> held_reads_;
    std::atomic<std::size_t> reads_ = 0;
    CommitListener* listener_ = nullptr;
    Mutex mutex_;
    std::map<TopicName, TopicState> states_;
    ForgottenTopics forgotten_;
    std::map<std::pair<TopicName, std::string>, EventRef> keys_;
    std::vector<EventRef> events_;
    std::vector<CommittedBatch> unreported_;
    Sequence last_sequence_;
};

}  // namespace howl::hub
