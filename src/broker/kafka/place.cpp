// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/place.hpp"

#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "hub/storing.hpp"

namespace howl::broker::kafka {

namespace json = boost::json;

Result<Place> Place::parse(std::string_view text) {
    boost::system::error_code problem;
    const auto value = json::parse(text, problem);
    const auto* object = problem ? nullptr : value.if_object();
    const auto* next = object == nullptr ? nullptr : object->if_contains("next");
    const auto* word = object == nullptr ? nullptr : object->if_contains("word");
    if (next == nullptr || word == nullptr || !next->is_int64() || next->get_int64() < 0 ||
        !word->is_string()) {
        return fail(Errc::kStorageFailed, "read a place in kafka");
    }
    return Place{static_cast<std::uint64_t>(next->get_int64()), std::string{word->get_string()}};
}

std::string Place::text() const {
    return json::serialize(json::object{{"next", static_cast<std::int64_t>(next)}, {"word", word}});
}

hub::RecordKey place_key(std::string_view cluster, std::string_view topic, std::int32_t partition) {
    return {"kafka-place", fmt::format("{}/{}/{}", cluster, topic, partition)};
}

Result<StoredPlace> stored_place_of(const Result<std::optional<hub::Record>>& record) {
    if (!record) {
        return std::unexpected(record.error());
    }
    if (!*record) {
        return StoredPlace{};
    }
    HOWL_TRY(place, Place::parse((*record)->data));
    return StoredPlace{std::move(place), (*record)->version};
}

runtime::Task<Result<void>> PlaceKeeper::begin(std::uint64_t next, std::string word) {
    return commit({next, std::move(word)}, {});
}

runtime::Task<Result<void>> PlaceKeeper::advance(std::uint64_t next,
                                                 std::vector<hub::NewEvent> events) {
    return commit({next, stored_.place.word}, std::move(events));
}

runtime::Task<Result<void>> PlaceKeeper::commit(Place place, std::vector<hub::NewEvent> events) {
    hub::RecordChange change{key_, stored_.version, {}, place.text()};
    const auto receipts =
        co_await hub::commit_record(hub_, store_, std::move(change), std::move(events));
    if (!receipts && receipts.error().code == Errc::kVersionConflict) {
        if (auto reloaded = co_await reload(); !reloaded) {
            co_return reloaded;
        }
    }
    if (!receipts) {
        co_return std::unexpected(receipts.error());
    }
    stored_ = {std::move(place), Version{stored_.version.value() + 1}};
    co_return Result<void>{};
}

runtime::Task<Result<void>> PlaceKeeper::reload() {
    const auto record = co_await hub::get_record(hub_, store_, key_);
    auto stored = stored_place_of(record);
    if (!stored) {
        co_return std::unexpected(std::move(stored).error());
    }
    stored_ = std::move(*stored);
    co_return Result<void>{};
}

}  // namespace howl::broker::kafka
