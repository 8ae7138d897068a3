// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/announcement.hpp"

#include <utility>

namespace howl::compat::cloud {

using products::cloud::done_name_of;
using products::cloud::kTopic;
using products::cloud::name_of;

std::optional<Announcement> Announcement::of(const hub::Event& event) {
    auto notice = Notice::parse(event.data);
    if (!notice) {
        return std::nullopt;
    }
    const auto kind = notice->operation.kind;
    if (event.type == "received") {
        return Announcement{Stage::kReceived, std::move(*notice)};
    }
    if (event.type == "failed") {
        return Announcement{Stage::kFailed, std::move(*notice)};
    }
    if (event.type == done_name_of(kind)) {
        return Announcement{Stage::kDone, std::move(*notice)};
    }
    return std::nullopt;
}

std::string command_words(OperationKind kind) {
    return capitalized(name_of(kind)) + " command";
}

std::string done_words(OperationKind kind) {
    return capitalized(done_name_of(kind));
}

std::string capitalized(std::string_view word) {
    std::string out{word};
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
}

const hub::TopicName& topic_name() {
    static const hub::TopicName kName = *hub::TopicName::parse(kTopic);
    return kName;
}

}  // namespace howl::compat::cloud
