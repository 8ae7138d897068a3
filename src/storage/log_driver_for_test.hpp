// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "hub/event_log.hpp"

namespace howl::storage {

inline hub::TopicName topic(std::string_view text) {
    return hub::TopicName::parse(text).value();
}

/// A directory that lives as long as the test.
class TempDirectory {
public:
    TempDirectory() {
        static std::atomic<unsigned> count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("howl-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
        std::filesystem::remove_all(path_);
        std::filesystem::create_directory(path_);
    }
    ~TempDirectory() { std::filesystem::remove_all(path_); }
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// What an adapter is opened with.
struct Dependencies {
    TempDirectory directory;
    ManualClock clock;
    SeededRandom random{1};
};

/// Speaks to an event log one question at a time, and hears everything it commits.
class LogDriver final : public hub::CommitListener {
public:
    explicit LogDriver(hub::EventLog& log) : log_(log) { log_.start(*this); }
    ~LogDriver() override { log_.stop(); }
    LogDriver(const LogDriver&) = delete;
    LogDriver& operator=(const LogDriver&) = delete;

    static hub::AppendBatch::Item item(std::string_view topic_text, std::string data,
                                       hub::Retention retention = {}, std::string key = {}) {
        return {{.topic = topic(topic_text),
                 .type = "news",
                 .content_type = "text/plain",
                 .data = std::move(data),
                 .idempotency_key = std::move(key)},
                retention,
                hub::TopicRank::kInternal};
    }

    std::future<Result<hub::Receipts>> append_later(std::vector<hub::AppendBatch::Item> items) {
        auto promise = std::make_shared<std::promise<Result<hub::Receipts>>>();
        log_.append({std::move(items), [promise](Result<hub::Receipts> outcome) {
                         promise->set_value(std::move(outcome));
                     }});
        return promise->get_future();
    }
    Result<hub::Receipts> append(std::vector<hub::AppendBatch::Item> items) {
        return append_later(std::move(items)).get();
    }
    /// One event in several topics.
    Result<hub::Receipts> append_copies(std::vector<hub::AppendBatch::Item> items) {
        std::promise<Result<hub::Receipts>> outcome;
        log_.append(
            {std::move(items),
             [&](Result<hub::Receipts> receipts) { outcome.set_value(std::move(receipts)); },
             hub::AppendBatch::Grouping::kCopies});
        return outcome.get_future().get();
    }
    Result<hub::Receipt> publish(std::string_view topic_text, std::string data,
                                 hub::Retention retention = {}, std::string key = {}) {
        HOWL_TRY(receipts, append({item(topic_text, std::move(data), retention, std::move(key))}));
        return receipts.at(0);
    }
    Result<hub::LogSlice> read(const std::vector<std::string>& topics, std::uint64_t after,
                               std::size_t limit = 1000) {
        std::vector<hub::TopicName> names;
        for (const auto& text : topics) {
            names.push_back(topic(text));
        }
        std::promise<Result<hub::LogSlice>> answer;
        log_.read(std::move(names), Sequence{after}, limit,
                  [&](Result<hub::LogSlice> slice) { answer.set_value(std::move(slice)); });
        return answer.get_future().get();
    }
    Result<hub::HistoryPage> history(std::string_view topic_text, std::uint64_t after = 0,
                                     std::size_t limit = 1000) {
        std::promise<Result<hub::HistoryPage>> answer;
        log_.history(topic(topic_text), Offset{after}, limit,
                     [&](Result<hub::HistoryPage> page) { answer.set_value(std::move(page)); });
        return answer.get_future().get();
    }
    Result<Sequence> purge(std::string_view topic_text,
                           hub::PurgeScope scope = hub::PurgeScope::kHistory) {
        std::promise<Result<Sequence>> answer;
        log_.purge(topic(topic_text), scope,
                   [&](Result<Sequence> purged) { answer.set_value(std::move(purged)); });
        return answer.get_future().get();
    }

    /// Somebody reads the topic from now on, or nobody.
    void set_read(std::string_view topic_text, bool read) {
        const MutexLock lock{mutex_};
        if (read) {
            read_.insert(topic(topic_text));
        } else {
            read_.erase(topic(topic_text));
        }
    }
    /// The topics that the log says it has forgotten, since the last call.
    std::vector<std::string> forgotten() {
        const MutexLock lock{mutex_};
        return std::exchange(forgotten_, {});
    }

    /// Everything committed so far, in the listener's order.
    std::vector<hub::EventRef> heard() {
        const MutexLock lock{mutex_};
        return heard_;
    }

    /// What became of records of `kind` so far, in the listener's order.
    std::vector<hub::RecordUpdate> updates(std::string_view kind) {
        const MutexLock lock{mutex_};
        std::vector<hub::RecordUpdate> out;
        for (const auto& update : updates_) {
            if (update.key.kind == kind) {
                out.push_back(update);
            }
        }
        return out;
    }

    bool is_read(const hub::TopicName& name) override {
        const MutexLock lock{mutex_};
        return read_.contains(name);
    }
    void on_forgotten(std::span<const hub::TopicName> topics) override {
        const MutexLock lock{mutex_};
        for (const auto& name : topics) {
            forgotten_.push_back(name.text());
        }
    }
    void on_commit(std::vector<hub::CommittedBatch> group) override {
        for (auto& batch : group) {
            if (batch.outcome) {
                const MutexLock lock{mutex_};
                for (const auto& receipt : *batch.outcome) {
                    if (receipt.freshness == hub::Freshness::kNew) {
                        heard_.push_back(receipt.event);
                    }
                }
                std::ranges::move(batch.updates, std::back_inserter(updates_));
            }
            batch.done(std::move(batch.outcome));
        }
    }

private:
    hub::EventLog& log_;
    Mutex mutex_;
    std::vector<hub::EventRef> heard_ HOWL_GUARDED_BY(mutex_);
    std::vector<hub::RecordUpdate> updates_ HOWL_GUARDED_BY(mutex_);
    std::set<hub::TopicName> read_ HOWL_GUARDED_BY(mutex_);
    std::vector<std::string> forgotten_ HOWL_GUARDED_BY(mutex_);
};

inline std::vector<std::string> data_of(const std::vector<hub::EventRef>& events) {
    std::vector<std::string> out;
    for (const auto& event : events) {
        out.push_back(event->data);
    }
    return out;
}

inline std::vector<std::string> names_of(const std::vector<hub::TopicName>& topics) {
    std::vector<std::string> out;
    for (const auto& name : topics) {
        out.push_back(name.text());
    }
    return out;
}

}  // namespace howl::storage
