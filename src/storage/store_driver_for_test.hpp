// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "hub/store.hpp"
#include "storage/log_driver_for_test.hpp"

namespace howl::storage {

/// The topic of the events that announce records.
inline constexpr std::string_view kRecordsTopic = "records";

inline hub::RecordChange put(std::string id, std::uint64_t expected, std::string data,
                             std::string owner = "ada") {
    return {{"thing", std::move(id)}, Version{expected}, std::move(owner), std::move(data)};
}
inline hub::RecordChange removal(std::string id, std::uint64_t expected) {
    return {{"thing", std::move(id)}, Version{expected}, "", std::nullopt};
}

/// What the event says that announces `change`: everything, so that the events can be folded.
inline std::string words_of(const hub::RecordChange& change) {
    return change.data ? fmt::format("put|{}|{}|{}|{}|{}", change.key.kind, change.key.id,
                                     change.expected.value() + 1, change.owner, *change.data)
                       : fmt::format("remove|{}|{}", change.key.kind, change.key.id);
}

inline hub::AppendBatch::Item announcement(const hub::RecordChange& change) {
    return LogDriver::item(kRecordsTopic, words_of(change), {.count_max = 1'000'000});
}

/// Of `events` the texts of those that announce records.
inline std::vector<std::string> announcements(std::vector<hub::EventRef> events) {
    std::erase_if(events, [](const auto& event) { return event->topic.text() != kRecordsTopic; });
    return data_of(events);
}

/// The records of kind "thing" as those see them who follow them.
inline std::vector<hub::Record> followed(LogDriver& log) {
    std::map<hub::RecordKey, hub::Record> records;
    for (const auto& [key, record] : log.updates("thing")) {
        if (record) {
            records.insert_or_assign(key, *record);
        } else {
            records.erase(key);
        }
    }
    std::vector<hub::Record> out;
    for (const auto& [key, record] : records) {
        out.push_back(record);
    }
    return out;
}

/// The records as the announcements tell them.
class Fold {
public:
    explicit Fold(const std::vector<std::string>& announcements) {
        for (const auto& text : announcements) {
            take(text);
        }
    }
    /// As `Store::list` gives those of kind "thing".
    [[nodiscard]] std::vector<hub::Record> records() const {
        std::vector<hub::Record> out;
        for (const auto& [key, record] : records_) {
            out.push_back(record);
        }
        return out;
    }

    /// 0: there is no such record.
    [[nodiscard]] std::uint64_t version_of(const std::string& id) const {
        const auto found = records_.find({"thing", id});
        return found == records_.end() ? 0 : found->second.version.value();
    }
    /// False when an event was lost, or two changes came from the same version.
    [[nodiscard]] bool versions_are_gapless() const { return versions_are_gapless_; }

private:
    void take(std::string_view text) {
        const auto word = [&text] {
            const auto found = text.substr(0, text.find('|'));
            text.remove_prefix(std::min(text.size(), found.size() + 1));
            return std::string{found};
        };
        const bool is_put = word() == "put";
        hub::RecordKey key{word(), word()};
        if (is_put) {
            const Version version{std::stoull(word())};
            std::string owner = word();
            auto& record = records_[key];
            versions_are_gapless_ &= version == record.version.next();
            record = {key, std::move(owner), version, std::string{text}};
        } else {
            records_.erase(key);
        }
    }

    std::map<hub::RecordKey, hub::Record> records_;
    bool versions_are_gapless_ = true;
};

/// Speaks to a store one question at a time.
class StoreDriver {
public:
    explicit StoreDriver(hub::Store& store) : store_(store) {}

    std::future<Result<hub::Receipts>> commit_later(hub::RecordChange change,
                                                    std::vector<hub::AppendBatch::Item> items) {
        auto promise = std::make_shared<std::promise<Result<hub::Receipts>>>();
        store_.commit(std::move(change),
                      {std::move(items), [promise](Result<hub::Receipts> outcome) {
                           promise->set_value(std::move(outcome));
                       }});
        return promise->get_future();
    }
    Result<hub::Receipts> commit(hub::RecordChange change,
                                 std::vector<hub::AppendBatch::Item> items) {
        return commit_later(std::move(change), std::move(items)).get();
    }
    /// With the event that announces it.
    Result<hub::Receipts> commit(const hub::RecordChange& change) {
        return commit(change, {announcement(change)});
    }

    Result<std::optional<hub::Record>> get(hub::RecordKey key) {
        return answer_to<Result<std::optional<hub::Record>>>(
            [&](auto done) { store_.get(std::move(key), std::move(done)); });
    }
    Result<std::optional<hub::Record>> get(std::string id) {
        return get(hub::RecordKey{"thing", std::move(id)});
    }
    Result<std::vector<hub::Record>> list(hub::Store::Query query = {.kind = "thing"}) {
        HOWL_TRY(listed, list_through(std::move(query)));
        return std::move(listed.records);
    }
    Result<hub::RecordList> list_through(hub::Store::Query query = {.kind = "thing"}) {
        return answer_to<Result<hub::RecordList>>(
            [&](auto done) { store_.list(std::move(query), std::move(done)); });
    }
    Result<std::uint64_t> count(hub::Store::Query query = {.kind = "thing"}) {
        return answer_to<Result<std::uint64_t>>(
            [&](auto done) { store_.count(std::move(query), std::move(done)); });
    }

private:
    template <class Answer, class Ask>
    static Answer answer_to(Ask ask) {
        const auto promise = std::make_shared<std::promise<Answer>>();
        ask([promise](Answer answer) { promise->set_value(std::move(answer)); });
        return promise->get_future().get();
    }

    hub::Store& store_;
};

inline std::vector<std::string> ids_of(const std::vector<hub::Record>& records) {
    std::vector<std::string> out;
    for (const auto& record : records) {
        out.push_back(record.key.id);
    }
    return out;
}

}  // namespace howl::storage
