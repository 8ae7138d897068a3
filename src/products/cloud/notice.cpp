// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/notice.hpp"

#include <utility>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "codec/json_text.hpp"
#include "products/cloud/instance_json.hpp"
#include "products/json.hpp"

namespace howl::products::cloud {

namespace json = boost::json;

const hub::TopicName& topic() {
    static const hub::TopicName kName = *hub::TopicName::parse(kTopic);
    return kName;
}

std::string api_text(const Instance& instance) {
    return codec::json_text(shown_object(instance));
}

Result<Notice> Notice::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    const auto* const shown = object_in(object, "instance");
    if (shown == nullptr) {
        return fail(Errc::kInvalidJson, "notice", "instance");
    }
    HOWL_TRY(instance, instance_from(*shown));
    Notice notice;
    HOWL_TRY(id, required_string(object, "opId"));
    HOWL_TRY(kind, operation_kind_from(object));
    HOWL_TRY(duration, duration_from(object));
    HOWL_TRY(endpoint, required_string(object, "door"));
    if (instance.operation) {
        instance.operation->endpoint = endpoint;
        notice.operation.started_at = instance.operation->started_at;
    }
    notice.operation.id = std::move(id);
    notice.operation.kind = kind;
    notice.operation.duration = duration;
    notice.operation.endpoint = std::move(endpoint);
    notice.instance = std::move(instance);
    notice.error_code = std::string{string_in(object, "error").value_or("")};
    return notice;
}

std::string Notice::text() const {
    json::object object{{"opId", operation.id},
                        {"kind", name_of(operation.kind)},
                        {"durationMs", operation.duration.count()},
                        {"door", operation.endpoint},
                        {"instance", shown_object(instance)}};
    if (!error_code.empty()) {
        object["error"] = error_code;
    }
    return codec::json_text(object);
}

}  // namespace howl::products::cloud
