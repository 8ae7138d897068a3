// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

/// A mutex that says what it guards: clang checks at compile time (`-Wthread-safety`, an error in
/// `./dev check`) that a member marked `HOWL_GUARDED_BY(mutex_)` is touched only while the mutex is
/// held. The standard library's mutex carries no such marks. g++ sees nothing of them.
///
/// Source: clang's documentation, "Thread Safety Analysis".
#if defined(__clang__)
#define HOWL_THREAD_MARK(mark) __attribute__((mark))
#else
#define HOWL_THREAD_MARK(mark)
#endif
/// Of a member: read and written only while `mutex` is held.
#define HOWL_GUARDED_BY(mutex) HOWL_THREAD_MARK(guarded_by(mutex))
/// Of a function: its caller holds `mutex`.
#define HOWL_REQUIRES(mutex) HOWL_THREAD_MARK(requires_capability(mutex))

namespace howl {

class HOWL_THREAD_MARK(capability("mutex")) Mutex {
public:
    void lock() HOWL_THREAD_MARK(acquire_capability()) { mutex_.lock(); }
    void unlock() HOWL_THREAD_MARK(release_capability()) { mutex_.unlock(); }

private:
    friend class Condition;
    std::mutex mutex_;
};

/// Holds a mutex for a scope; `unlock` and `lock` release it in between.
class HOWL_THREAD_MARK(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) HOWL_THREAD_MARK(acquire_capability(mutex)) : mutex_(mutex) {
        mutex_.lock();
    }
    ~MutexLock() HOWL_THREAD_MARK(release_capability()) {
        if (held_) {
            mutex_.unlock();
        }
    }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void unlock() HOWL_THREAD_MARK(release_capability()) {
        held_ = false;
        mutex_.unlock();
    }
    void lock() HOWL_THREAD_MARK(acquire_capability()) {
        mutex_.lock();
        held_ = true;
    }

private:
    Mutex& mutex_;
    bool held_ = true;
};

/// A mutex that many threads may hold to read, or one to write.
class HOWL_THREAD_MARK(capability("mutex")) SharedMutex {
public:
    void lock() HOWL_THREAD_MARK(acquire_capability()) { mutex_.lock(); }
    void unlock() HOWL_THREAD_MARK(release_capability()) { mutex_.unlock(); }
    void lock_shared() HOWL_THREAD_MARK(acquire_shared_capability()) { mutex_.lock_shared(); }
    void unlock_shared() HOWL_THREAD_MARK(release_shared_capability()) { mutex_.unlock_shared(); }

private:
    std::shared_mutex mutex_;
};

/// Holds it for a scope, shared: what it guards may be read.
class HOWL_THREAD_MARK(scoped_lockable) SharedLock {
public:
    explicit SharedLock(SharedMutex& mutex) HOWL_THREAD_MARK(acquire_shared_capability(mutex))
        : mutex_(mutex) {
        mutex_.lock_shared();
    }
    ~SharedLock() HOWL_THREAD_MARK(release_generic_capability()) { mutex_.unlock_shared(); }
    SharedLock(const SharedLock&) = delete;
    SharedLock& operator=(const SharedLock&) = delete;

private:
    SharedMutex& mutex_;
};

/// Holds it for a scope, exclusively.
class HOWL_THREAD_MARK(scoped_lockable) UniqueLock {
public:
    explicit UniqueLock(SharedMutex& mutex) HOWL_THREAD_MARK(acquire_capability(mutex))
        : mutex_(mutex) {
        mutex_.lock();
    }
    ~UniqueLock() HOWL_THREAD_MARK(release_capability()) { mutex_.unlock(); }
    UniqueLock(const UniqueLock&) = delete;
    UniqueLock& operator=(const UniqueLock&) = delete;

private:
    SharedMutex& mutex_;
};

/// A condition variable for `Mutex`. It may wake without cause, so waiting belongs in a loop, whose
/// test clang then checks like all other code.
class Condition {
public:
    void notify_one() noexcept { condition_.notify_one(); }
    void notify_all() noexcept { condition_.notify_all(); }

    void wait(Mutex& mutex) HOWL_REQUIRES(mutex) {
        std::unique_lock held{mutex.mutex_, std::adopt_lock};
        condition_.wait(held);
        held.release();
    }
    /// False when `deadline` has come.
    template <class Clock, class Duration>
    bool wait_until(Mutex& mutex, std::chrono::time_point<Clock, Duration> deadline)
        HOWL_REQUIRES(mutex) {
        std::unique_lock held{mutex.mutex_, std::adopt_lock};
        const auto status = condition_.wait_until(held, deadline);
        held.release();
        return status == std::cv_status::no_timeout;
    }

private:
    std::condition_variable condition_;
};

}  // namespace howl
