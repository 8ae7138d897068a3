// SPDX-License-Identifier: Apache-2.0
#include "hub/presence_store.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace howl::hub {

PresenceStore::Stay::~Stay() {
    if (store_ != nullptr) {
        store_->remove(topic_, name_);
    }
}

Result<PresenceStore::Stay> PresenceStore::enter(const TopicName& topic, std::string_view name) {
    const auto is_control = [](char letter) {
        return static_cast<unsigned char>(letter) < ' ' || letter == '\x7F';
    };
    if (name.empty() || name.size() > kNameBytesMax || !is_valid_utf8(name) ||
        std::ranges::any_of(name, is_control)) {
        return fail(Errc::kInvalidQuery, "presence",
                    "a name is 1-64 bytes of UTF-8 without control characters");
    }
    Stay stay{*this, topic.text(), std::string{name}};
    add(stay.topic_, stay.name_);
    return stay;
}

}  // namespace howl::hub
