// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/topic_flow.hpp"

#include <string_view>
#include <utility>

#include "hub/topic_name.hpp"

namespace howl::broker::kafka {
namespace {

constexpr std::string_view kKeyMark = "{key}";

/// `text` with `key` in place of every `{key}`.
std::string with_key(std::string_view text, std::string_view key) {
    std::string out;
    for (auto at = text.find(kKeyMark); at != std::string_view::npos; at = text.find(kKeyMark)) {
        out.append(text.substr(0, at)).append(key);
        text.remove_prefix(at + kKeyMark.size());
    }
    return out.append(text);
}

}  // namespace

Result<TopicFlow> TopicFlow::create(Target target) {
    constexpr std::string_view kSomeKey = "key";
    const TopicFlow flow{target};
    const Record plain{.key = std::string{kSomeKey}, .value = std::string{}};
    if (const auto event = flow.event_of(plain); !event) {
        return fail(Errc::kInvalidConfig, "kafka source",
                    "target '" + target.topic + "': " + event.error().describe());
    }
    return TopicFlow{std::move(target)};
}

runtime::Task<Result<Effect>> TopicFlow::take(hub::Hub& /*hub*/, const Record& record,
                                              const std::string& /*stream*/) {
    auto event = event_of(record);
    co_return event ? Effect{std::move(*event)} : Effect{Poison{std::move(event).error()}};
}

Result<hub::NewEvent> TopicFlow::event_of(const Record& record) const {
    HOWL_TRY(topic, topic_of(record));
    hub::NewEvent event{.topic = std::move(topic),
                        .type = record.value ? target_.type : std::string{kTombstone},
                        .data = record.value.value_or(std::string{})};
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

Result<hub::TopicName> TopicFlow::topic_of(const Record& record) const {
    const bool wants_key = target_.topic.contains(kKeyMark);
    if (wants_key && !record.key) {
        return fail(Errc::kBadRequest, "kafka record", "it has no key to name its topic after");
    }
    HOWL_TRY(topic, hub::TopicName::parse(wants_key ? with_key(target_.topic, *record.key)
                                                    : target_.topic));
    if (!target_.reserved_prefix.empty() && topic.text().starts_with(target_.reserved_prefix)) {
        return fail(Errc::kTopicReserved, "kafka record");
    }
    return topic;
}

}  // namespace howl::broker::kafka
