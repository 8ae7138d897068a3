// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "hub/log_window.hpp"
#include "hub/scripted_event_log_for_test.hpp"

namespace howl::hub {

inline constexpr std::size_t kPlenty = 1'000'000'000;

inline std::vector<std::uint64_t> sequences_of(const std::vector<EventRef>& events) {
    std::vector<std::uint64_t> out;
    for (const auto& event : events) {
        out.push_back(event->sequence.value());
    }
    return out;
}

inline std::vector<std::string> names_of(const std::vector<TopicName>& topics) {
    std::vector<std::string> out;
    for (const auto& name : topics) {
        out.push_back(name.text());
    }
    return out;
}

/// A window of one lane, whose events the test appends.
class LogWindowTest : public testing::Test {
protected:
    void with_bytes_max(std::size_t bytes_max) { window_.emplace(bytes_max); }
    void restore(std::string_view name, std::uint64_t last_offset, std::uint64_t last_sequence,
                 std::uint64_t evicted_through = 0) {
        window_->restore(
            {topic(name), Offset{last_offset}, Sequence{last_sequence}, Sequence{evicted_through}});
        offsets_[topic(name)] = last_offset;
        head_ = std::max(head_, last_sequence);
    }
    /// The next event of the lane; watching it shows when its memory is given back.
    std::weak_ptr<const Event> append(std::string_view name, const Retention& retention = {},
                                      std::string data = "x") {
        const auto offset = ++offsets_[topic(name)];
        return append_at(name, ++head_, offset, retention, std::move(data));
    }
    std::weak_ptr<const Event> append_at(std::string_view name, std::uint64_t sequence,
                                         std::uint64_t offset, const Retention& retention = {},
                                         std::string data = "x") {
        Event event{.topic = topic(name),
                    .offset = Offset{offset},
                    .sequence = Sequence{sequence},
                    .time = {},
                    .type = {},
                    .content_type = {},
                    .data = std::move(data)};
        const auto stored = std::make_shared<const Event>(std::move(event));
        window_->append(stored, retention, now_);
        return stored;
    }
    std::optional<LogSlice> read(const std::vector<std::string>& names, std::uint64_t after,
                                 const ReplayLimits& limits = {}) {
        std::vector<TopicName> topics;
        for (const auto& name : names) {
            topics.push_back(topic(name));
        }
        return window_->read(topics, Sequence{after}, limits, now_);
    }
    std::optional<HistoryPage> history(std::string_view name, std::uint64_t after,
                                       std::size_t limit = 100) {
        return window_->history(topic(name), Offset{after}, limit, now_);
    }
    std::optional<Sequence> sequence_before(std::string_view name, std::uint64_t after) {
        return window_->sequence_before(topic(name), Offset{after});
    }

    std::optional<LogWindow> window_{kPlenty};
    WallTime now_{std::chrono::hours{24} * 365};
    std::uint64_t head_ = 0;
    std::map<TopicName, std::uint64_t> offsets_;
};

}  // namespace howl::hub
