// SPDX-License-Identifier: Apache-2.0
#include "hub/local_presence.hpp"

namespace howl::hub {

void LocalPresence::add(const std::string& topic, const std::string& name) {
    const MutexLock lock{mutex_};
    ++topics_[topic][name];
}

void LocalPresence::remove(const std::string& topic, const std::string& name) {
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

runtime::Task<Result<PresenceStore::Members>> LocalPresence::members(ShardId /*from*/,
                                                                     TopicName topic,
                                                                     std::size_t most) const {
    co_return members_now(topic, most);
}

PresenceStore::Members LocalPresence::members_now(const TopicName& topic, std::size_t most) const {
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

std::size_t LocalPresence::topics_for_test() const {
    const MutexLock lock{mutex_};
    return topics_.size();
}

}  // namespace howl::hub
