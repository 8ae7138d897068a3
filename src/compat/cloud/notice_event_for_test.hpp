// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "compat/cloud/announcement.hpp"
#include "hub/cursor.hpp"
#include "hub/event.hpp"

namespace howl::compat::cloud {

using products::cloud::Instance;
using products::cloud::InstanceState;

inline constexpr std::string_view kInstanceId = "23186bf2-2418-4a65-a38d-d3bee4a383b9";

/// 12:39:57 in Moscow.
inline WallTime november_morning() {
    using namespace std::chrono;
    return sys_days{2026y / November / 21} + 9h + 39min + 57s + 551ms;
}

inline Instance instance_for_test(InstanceState state, std::string_view id = kInstanceId) {
    Instance instance;
    instance.id = id;
    instance.state = state;
    instance.timestamp = november_morning();
    return instance;
}
inline Instance while_it_runs(OperationKind kind, Instance instance) {
    instance.operation.emplace().kind = kind;
    return instance;
}

/// The event of an instance that is then in `state`; the eighth of its lane.
inline hub::Event event_for_test(std::string_view type, OperationKind kind,
                                 InstanceState state = InstanceState::kStopped,
                                 WallTime time = november_morning()) {
    Notice notice;
    notice.operation.id = "operation";
    notice.operation.kind = kind;
    notice.operation.endpoint = "api";
    notice.instance = instance_for_test(state);
    return {.topic = topic_name(),
            .offset = Offset{5},
            .sequence = Sequence{8},
            .time = time,
            .type = std::string{type},
            .content_type = "application/json",
            .data = notice.text()};
}

/// Where a reader stands who has seen it.
inline hub::Cursor cursor_for_test() {
    return {{Epoch{"aaaa"}, Epoch{"bbbb"}}, {Sequence{8}, Sequence{3}}};
}

}  // namespace howl::compat::cloud
