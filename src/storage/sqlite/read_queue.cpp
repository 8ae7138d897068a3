// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/read_queue.hpp"

#include <utility>

#include "base/assert.hpp"

namespace howl::storage::sqlite {

void ReadQueue::start() {
    const MutexLock lock{mutex_};
    HOWL_ASSERT(phase_ == Phase::kNotStarted);
    phase_ = Phase::kRunning;
    thread_ = std::thread{[this] { run(); }};
}

void ReadQueue::stop() {
    {
        const MutexLock lock{mutex_};
        phase_ = Phase::kStopping;
    }
    wake_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ReadQueue::submit(Task task) {
    Result<EventReader*> refusal;
    {
        const MutexLock lock{mutex_};
        if (phase_ == Phase::kRunning && tasks_.size() < tasks_max_) {
            tasks_.push_back(std::move(task));
            wake_.notify_one();
            return;
        }
        refusal = fail(phase_ == Phase::kRunning ? Errc::kOverloaded : Errc::kDraining, "read");
    }
    task(std::move(refusal));
}

void ReadQueue::run() {
    MutexLock lock{mutex_};
    for (;;) {
        while (tasks_.empty() && phase_ != Phase::kStopping) {
            wake_.wait(mutex_);
        }
        if (tasks_.empty()) {
            return;
        }
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task(reader_.get());
        lock.lock();
    }
}

}  // namespace howl::storage::sqlite
