// SPDX-License-Identifier: Apache-2.0
#include "runtime/task_group.hpp"

#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "base/assert.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::runtime {
namespace {

void report(std::string_view name, const std::exception_ptr& failure) {
    telemetry::count(telemetry::Counter::kTasksFailed);
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& problem) {
        telemetry::log_error("a task failed", {{"task", name}, {"what", problem.what()}});
    } catch (...) {  // Not a std::exception: it has no message.
        telemetry::log_error("a task failed", {{"task", name}});
    }
}

}  // namespace

TaskGroup::~TaskGroup() {
    HOWL_ASSERT(tasks_.empty());
}

void TaskGroup::spawn(std::string_view name, Task<void> task) {
    tasks_.emplace_back();
    const auto entry = std::prev(tasks_.end());
    entry->name = name;
    auto on_end = [this, entry](std::exception_ptr failure) { finish(entry, failure); };
    boost::asio::co_spawn(
        io_.get_executor(), std::move(task),
        boost::asio::bind_cancellation_slot(entry->signal.slot(), std::move(on_end)));
}

void TaskGroup::finish(std::list<Entry>::iterator entry, const std::exception_ptr& failure) {
    if (failure) {
        report(entry->name, failure);
    }
    tasks_.erase(entry);
    if (tasks_.empty() && when_empty_) {
        std::exchange(when_empty_, nullptr)();
    }
}

void TaskGroup::cancel() {
    // Emitting may end a task at once and erase its entry.
    for (auto entry = tasks_.begin(); entry != tasks_.end();) {
        const auto next = std::next(entry);
        entry->signal.emit(boost::asio::cancellation_type::all);
        entry = next;
    }
}

void TaskGroup::when_empty(std::move_only_function<void()> done) {
    if (tasks_.empty()) {
        done();
        return;
    }
    when_empty_ = std::move(done);
}

}  // namespace howl::runtime
