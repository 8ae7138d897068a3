// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "base/limits.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "storage/sqlite/event_reader.hpp"

namespace howl::storage::sqlite {

/// One thread that reads, so that no shard waits for the disk and no reader delays the writer.
/// Thread: any, except where noted.
class ReadQueue {
public:
    /// Runs on the reading thread, or with an error on the thread that submitted it.
    using Task = std::move_only_function<void(Result<EventReader*>)>;

    explicit ReadQueue(std::unique_ptr<EventReader> reader,
                       std::size_t tasks_max = limits::kReadQueueMax)
        : tasks_max_(tasks_max), reader_(std::move(reader)) {}
    ~ReadQueue() { stop(); }
    ReadQueue(const ReadQueue&) = delete;
    ReadQueue& operator=(const ReadQueue&) = delete;

    void start();
    /// Answers what waits, then ends the thread. Idempotent.
    /// Requires: not called by a task.
    void stop();
    /// Errors (given to the task): `kDraining` before `start` and after `stop`, `kOverloaded`.
    void submit(Task task);

    /// Requires: before `start`, or on the reading thread.
    [[nodiscard]] EventReader& reader() { return *reader_; }

private:
    enum class Phase : std::uint8_t { kNotStarted, kRunning, kStopping };

    void run();

    // Constant after construction.
    const std::size_t tasks_max_;
    // The thread's.
    std::unique_ptr<EventReader> reader_;
    Mutex mutex_;
    Condition wake_;
    Phase phase_ HOWL_GUARDED_BY(mutex_) = Phase::kNotStarted;
    std::deque<Task> tasks_ HOWL_GUARDED_BY(mutex_);

    std::thread thread_;
};

}  // namespace howl::storage::sqlite
