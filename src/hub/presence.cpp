// SPDX-License-Identifier: Apache-2.0
#include "hub/presence.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace howl::hub {

Presence::Stay::~Stay() {
    if (presence_ != nullptr) {
        presence_->leave(topic_, name_);
    }
}

Result<Presence::Stay> Presence::enter(const TopicName& topic, std::string_view name) {
    const auto is_control = [](char letter) {
        return static_cast<unsigned char>(letter) < ' ' || letter == '\x7F';
    };
    if (name.empty() || name.size() > kNameBytesMax || !is_valid_utf8(name) ||
        std::ranges::any_of(name, is_control)) {
        return fail(Errc::kInvalidQuery, "presence",
                    "a name is 1-64 bytes of UTF-8 without control characters");
    }
    const MutexLock lock{mutex_};
    ++topics_[topic.text()][std::string{name}];
    return Stay{*this, topic.text(), std::string{name}};
}

void Presence::leave(const std::string& topic, const std::string& name) {
    const MutexLock lock{mutex_};
    const auto members = topics_.find(topic);
    const auto member = members->second.find(name);
    if (--member->second > 0) {
        return;
    }
    members->second.erase(member);
    if (members->second.empty()) {
        topics_.erase(members);
    }
}

Presence::Members Presence::members(const TopicName& topic, std::size_t most) const {
    Members out;
    const MutexLock lock{mutex_};
    const auto found = topics_.find(topic.text());
    if (found == topics_.end()) {
        return out;
    }
    out.count = found->second.size();
    for (const auto& [name, sessions] : found->second) {
        if (out.first.size() == most) {
            break;
        }
        out.first.push_back({name, sessions});
    }
    return out;
}

std::size_t Presence::topics_for_test() const {
    const MutexLock lock{mutex_};
    return topics_.size();
}

}  // namespace howl::hub
