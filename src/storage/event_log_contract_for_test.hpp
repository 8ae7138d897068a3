// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "hub/event_log.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

// What every adapter of hub::EventLog promises, in several files. Each test runs on each of them.
namespace howl::storage {

inline constexpr std::size_t kTopicsMax = 5;
inline constexpr std::size_t kKeysMax = 5;
inline constexpr std::size_t kKeysPerPublisherMax = 3;

struct Adapter {
    const char* name;
    enum class Kept { kWithProcess, kOnDisk } kept;
    std::unique_ptr<hub::EventLog> (*open)(Dependencies&);
};

inline std::unique_ptr<hub::EventLog> open_memory(Dependencies& around) {
    return std::make_unique<memory::MemoryEventLog>(
        around.clock, Epoch{"mem0"},
        memory::MemoryEventLogOptions{.lane = hub::Lane::kDurable,
                                      .topics_max = kTopicsMax,
                                      .idempotency_keys_max = kKeysMax,
                                      .idempotency_keys_per_publisher_max = kKeysPerPublisherMax});
}

inline std::unique_ptr<hub::EventLog> open_sqlite(Dependencies& around) {
    return std::move(sqlite::SqliteEventLog::open(
                         around.directory.path(), around.clock, around.random,
                         {.limits = {.topics_max = kTopicsMax,
                                     .idempotency_keys_max = kKeysMax,
                                     .idempotency_keys_per_publisher_max = kKeysPerPublisherMax}}))
        .value();
}

class EventLogContract : public testing::TestWithParam<Adapter> {
protected:
    EventLogContract() { open(); }

    void open() {
        log_ = GetParam().open(around_);
        driver_.emplace(*log_);
    }
    /// As when the process ends well and starts again.
    void close() {
        driver_.reset();
        log_.reset();
    }

    LogDriver& log() { return *driver_; }
    std::vector<std::string> kept(std::string_view name) {
        return data_of(log().history(name).value().events);
    }
    void fill(std::string_view name, int count, hub::Retention retention = {}) {
        for (int i = 1; i <= count; ++i) {
            ASSERT_TRUE(log().publish(name, std::string{name} + std::to_string(i), retention));
        }
    }

    /// Lets the log look through all its topics, as it does from time to time.
    void sweep() {
        fill("busy", 10);
        if (auto* const sqlite = dynamic_cast<sqlite::SqliteEventLog*>(log_.get())) {
            std::promise<Result<void>> done;
            sqlite->sweep_for_test([&](Result<void> swept) { done.set_value(swept); });
            ASSERT_TRUE(done.get_future().get());
        }
    }
    Result<hub::Receipt> publish_keyed(std::string_view name, std::string key,
                                       std::string publisher = "192.0.2.1") {
        auto item = LogDriver::item(name, "same", {}, std::move(key));
        item.event.publisher = PublisherId{std::move(publisher)};
        HOWL_TRY(receipts, log().append({std::move(item)}));
        return receipts.at(0);
    }

    Dependencies around_;
    std::unique_ptr<hub::EventLog> log_;
    std::optional<LogDriver> driver_;
};

}  // namespace howl::storage
