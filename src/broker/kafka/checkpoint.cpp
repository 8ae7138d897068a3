// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/checkpoint.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "hub/storing.hpp"
#include "hub/unreadable_records.hpp"

namespace howl::broker::kafka {

namespace json = boost::json;

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
    boost::system::error_code problem;
    const auto value = json::parse(text, problem);
    const auto* object = problem ? nullptr : value.if_object();
    const auto* next = object == nullptr ? nullptr : object->if_contains("next");
    const auto* incarnation = object == nullptr ? nullptr : object->if_contains("word");
    if (next == nullptr || incarnation == nullptr || !next->is_int64() || next->get_int64() < 0 ||
        !incarnation->is_string()) {
        return fail(Errc::kDamaged, "read a checkpoint in kafka");
    }
    return Checkpoint{static_cast<std::uint64_t>(next->get_int64()),
                      std::string{incarnation->get_string()}};
}

std::string Checkpoint::text() const {
    return json::serialize(
        json::object{{"next", static_cast<std::int64_t>(next)}, {"word", incarnation}});
}

Result<Takeover> Takeover::parse(std::string_view text) {
    boost::system::error_code problem;
    const auto value = json::parse(text, problem);
    const auto* object = problem ? nullptr : value.if_object();
    const auto* listed = object == nullptr ? nullptr : object->if_contains("ends");
    const auto* ends = listed == nullptr ? nullptr : listed->if_array();
    if (ends == nullptr) {
        return fail(Errc::kDamaged, "read a source of kafka");
    }
    Takeover takeover;
    for (const auto& end : *ends) {
        if (!end.is_int64() || end.get_int64() < 0) {
            return fail(Errc::kDamaged, "read a source of kafka");
        }
        takeover.ends.push_back(static_cast<std::uint64_t>(end.get_int64()));
    }
    return takeover;
}

std::string Takeover::text() const {
    json::array all;
    for (const auto end : ends) {
        all.push_back(static_cast<std::int64_t>(end));
    }
    return json::serialize(json::object{{"ends", std::move(all)}});
}

hub::RecordKey source_key(std::string_view cluster, std::string_view topic) {
    return {std::string{kSourceKind}, fmt::format("{}/{}", cluster, topic)};
}

hub::RecordKey checkpoint_key(std::string_view cluster, std::string_view topic,
                              std::int32_t partition) {
    return {std::string{kCheckpointKind}, fmt::format("{}/{}/{}", cluster, topic, partition)};
}

Result<StoredCheckpoint> stored_checkpoint_of(const Result<std::optional<hub::Record>>& record) {
    if (!record) {
        return std::unexpected(record.error());
    }
    if (!*record) {
        return StoredCheckpoint{};
    }
    auto checkpoint = Checkpoint::parse((*record)->data);
    if (!checkpoint) {
        hub::note_unreadable(kCheckpointKind, (*record)->key.id, checkpoint.error());
        return std::unexpected(std::move(checkpoint).error());
    }
    return StoredCheckpoint{std::move(*checkpoint), (*record)->version};
}

Result<std::optional<Takeover>> takeover_of(const Result<std::optional<hub::Record>>& record) {
    if (!record) {
        return std::unexpected(record.error());
    }
    if (!*record) {
        return std::nullopt;
    }
    auto takeover = Takeover::parse((*record)->data);
    if (!takeover) {
        hub::note_unreadable(kSourceKind, (*record)->key.id, takeover.error());
        return std::unexpected(std::move(takeover).error());
    }
    return takeover;
}

runtime::Task<Result<void>> CheckpointStore::begin(std::uint64_t next, std::string incarnation) {
    return commit({next, std::move(incarnation)}, {});
}

runtime::Task<Result<void>> CheckpointStore::advance(std::uint64_t next,
                                                     std::vector<hub::NewEvent> events) {
    return commit({next, stored_.checkpoint.incarnation}, std::move(events));
}

runtime::Task<Result<void>> CheckpointStore::commit(Checkpoint checkpoint,
                                                    std::vector<hub::NewEvent> events) {
    hub::RecordChange change{key_, stored_.version, {}, checkpoint.text()};
    const auto receipts = co_await hub::commit_record(hub_, store_, access::kHowl,
                                                      std::move(change), std::move(events));
    if (!receipts && receipts.error().code == Errc::kVersionConflict) {
        if (auto reloaded = co_await reload(); !reloaded) {
            co_return reloaded;
        }
    }
    if (!receipts) {
        co_return std::unexpected(receipts.error());
    }
    stored_ = {std::move(checkpoint), Version{stored_.version.value() + 1}};
    co_return Result<void>{};
}

runtime::Task<Result<void>> CheckpointStore::reload() {
    const auto record = co_await hub::get_record(hub_, store_, key_);
    HOWL_CO_TRY(stored, stored_checkpoint_of(record));
    stored_ = std::move(stored);
    co_return Result<void>{};
}

}  // namespace howl::broker::kafka
