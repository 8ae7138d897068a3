// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "runtime/task.hpp"

namespace howl::runtime {

/// The tasks of one owner. All tasks of Howl run in a group, so that none outlives what it uses.
///
/// An exception that leaves a task ends that task only; it is a bug, counted and logged.
/// The last member of its owner: the destructor asserts that it is empty.
class TaskGroup {
public:
    explicit TaskGroup(boost::asio::io_context& io) : io_(io) {}
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task` on the shard. `name` is program text, for the log.
    void spawn(std::string_view name, Task<void> task);

    /// Asks every task to end: its pending operation completes with `operation_aborted`.
    void cancel();
    /// Calls `done` once no task is left, at once if there is none.
    void when_empty(std::move_only_function<void()> done);
    [[nodiscard]] std::size_t size() const noexcept { return tasks_.size(); }

private:
    struct Entry {
        std::string_view name;
        boost::asio::cancellation_signal signal;
    };

    void finish(std::list<Entry>::iterator entry, const std::exception_ptr& failure);

    boost::asio::io_context& io_;
    std::list<Entry> tasks_;  // A list: the signals must not move while their task runs.
    std::move_only_function<void()> when_empty_;
};

}  // namespace howl::runtime
