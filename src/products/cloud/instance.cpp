// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/instance.hpp"

#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "products/cloud/instance_json.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"

namespace howl::products::cloud {

namespace json = boost::json;

namespace {

struct KindNames {
    OperationKind kind;
    std::string_view name;
    std::string_view done_name;
};
constexpr std::array kKinds{
    KindNames{OperationKind::kCreate, "create", "created"},
    KindNames{OperationKind::kStart, "start", "started"},
    KindNames{OperationKind::kStop, "stop", "stopped"},
    KindNames{OperationKind::kRemove, "remove", "removed"},
};

const KindNames& names_of(OperationKind kind) noexcept {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::unexpected<Error> bad_member(std::string_view member) {
    return fail(Errc::kInvalidJson, "instance", std::string{member});
}

Result<InstanceState> state_from(const json::object& object) {
    const auto text = string_in(object, "state");
    for (const auto state : {InstanceState::kStopped, InstanceState::kRunning}) {
        if (text == name_of(state)) {
            return state;
        }
    }
    return bad_member("state");
}

Result<WallTime> time_from(const json::object& object, std::string_view member) {
    const auto time = parse_iso_time(string_in(object, member).value_or(""));
    if (!time) {
        return bad_member(member);
    }
    return *time;
}

std::string optional_string(const json::object& object, std::string_view member) {
    return std::string{string_in(object, member).value_or("")};
}

Result<Operation> operation_from(const json::object& object) {
    HOWL_TRY(id, required_string(object, "id"));
    HOWL_TRY(kind, operation_kind_from(object));
    HOWL_TRY(started_at, time_from(object, "startedAt"));
    HOWL_TRY(duration, duration_from(object));
    return Operation{std::move(id), kind, started_at, duration, optional_string(object, "door")};
}

json::object shown_operation(const Operation& operation) {
    return {{"id", operation.id},
            {"kind", name_of(operation.kind)},
            {"startedAt", iso_time(operation.started_at)},
            {"durationMs", operation.duration.count()}};
}

}  // namespace

std::string_view name_of(InstanceState state) noexcept {
    return state == InstanceState::kRunning ? "running" : "stopped";
}

std::string_view name_of(OperationKind kind) noexcept {
    return names_of(kind).name;
}

std::string_view done_name_of(OperationKind kind) noexcept {
    return names_of(kind).done_name;
}

Result<std::string> required_string(const json::object& object, std::string_view member) {
    const auto text = string_in(object, member);
    if (!text) {
        return bad_member(member);
    }
    return std::string{*text};
}

Result<OperationKind> operation_kind_from(const json::object& object) {
    const auto text = string_in(object, "kind");
    for (const auto& names : kKinds) {
        if (text == names.name) {
            return names.kind;
        }
    }
    return bad_member("kind");
}

Result<std::chrono::milliseconds> duration_from(const json::object& object) {
    const auto milliseconds = whole_number_in(object, "durationMs");
    constexpr std::int64_t kLongest = std::chrono::milliseconds{std::chrono::years{100}}.count();
    if (!milliseconds || *milliseconds < 0 || *milliseconds > kLongest) {
        return bad_member("durationMs");
    }
    return std::chrono::milliseconds{*milliseconds};
}

Result<Instance> instance_from(const json::object& object) {
    Instance instance;
    HOWL_TRY(id, required_string(object, "id"));
    HOWL_TRY(state, state_from(object));
    HOWL_TRY(timestamp, time_from(object, "timestamp"));
    if (object.contains("createdAt")) {
        HOWL_TRY(created_at, time_from(object, "createdAt"));
        instance.created_at = created_at;
    }
    if (const auto* op = object_in(object, "op")) {
        HOWL_TRY(operation, operation_from(*op));
        instance.operation = std::move(operation);
    }
    instance.id = std::move(id);
    instance.state = state;
    instance.timestamp = timestamp;
    instance.name = optional_string(object, "name");
    instance.created_by = optional_string(object, "createdBy");
    instance.idempotency_key = optional_string(object, "idempotencyKey");
    return instance;
}

json::object shown_object(const Instance& instance) {
    json::object object{{"id", instance.id},
                        {"state", name_of(instance.state)},
                        {"timestamp", iso_time(instance.timestamp)}};
    if (!instance.name.empty()) {
        object["name"] = instance.name;
    }
    if (instance.operation) {
        object["op"] = shown_operation(*instance.operation);
    }
    return object;
}

Result<Instance> Instance::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    return instance_from(object);
}

std::string Instance::text() const {
    json::object object = shown_object(*this);
    if (operation) {
        object["op"].as_object()["door"] = operation->endpoint;
    }
    object["createdAt"] = iso_time(created_at);
    object["createdBy"] = created_by;
    if (!idempotency_key.empty()) {
        object["idempotencyKey"] = idempotency_key;
    }
    return json::serialize(object);
}

Result<void> check_may_begin(const Instance& instance, OperationKind kind) {
    if (instance.operation) {
        return fail(Errc::kBusy, "begin an operation",
                    std::string{name_of(instance.operation->kind)});
    }
    const bool runs = instance.state == InstanceState::kRunning;
    const bool legal = kind == OperationKind::kRemove || (kind == OperationKind::kStart && !runs) ||
                       (kind == OperationKind::kStop && runs);
    if (!legal) {
        return fail(Errc::kIllegalState, "begin an operation",
                    std::string{name_of(instance.state)});
    }
    return {};
}

}  // namespace howl::products::cloud
