// SPDX-License-Identifier: Apache-2.0
// What clients say of where they stand and what they want to read: cursors, epochs, names of topics
// and how those are spelled.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hub/cursor.hpp"
#include "hub/topic_name.hpp"
#include "hub/topic_policy.hpp"
#include "hub/topic_spelling.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto cursor = howl::hub::Cursor::parse(text)) {
        require(howl::hub::Cursor::parse(cursor->text()).value() == *cursor);
        require(cursor->text().size() <= 100);
    }
    if (const auto topic = howl::hub::TopicName::parse(text)) {
        require(topic->text() == text && size <= 255);
    }
    const auto spelling = howl::hub::spell_topic(text);
    if (const auto topic = howl::hub::TopicName::parse(text)) {
        require(howl::hub::topic_spelled(spelling).value() == *topic);
    }
    if (const auto topic = howl::hub::topic_spelled(text)) {
        require(howl::hub::spell_topic(topic->text()) == text);
    }
    if (const auto encoded = howl::hub::topic_for("howl:inbox/v2/", text)) {
        require(howl::hub::TopicName::parse(encoded->text()).value() == *encoded);
    }
    const auto half = text.substr(0, size / 2);
    require(howl::hub::matches_pattern("*", text));
    require(half.contains('*') || howl::hub::matches_pattern(half, half));
    return 0;
}
