// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/event.hpp"
#include "products/cloud/notice.hpp"

namespace howl::compat::cloud {

using products::cloud::Notice;
using products::cloud::OperationKind;

/// An event of `kTopic` as the compatibility endpoints read it: how far the operation is, and its
/// notice.
struct Announcement {
    enum class Stage : std::uint8_t { kReceived, kDone, kFailed };
    Stage stage = Stage::kReceived;
    Notice notice;

    /// Nothing for an event of a type that the originals have no word for.
    [[nodiscard]] static std::optional<Announcement> of(const hub::Event& event);
};

/// `Create command`: what every original says of a command.
[[nodiscard]] std::string command_words(OperationKind kind);
/// `Created`: what every original says when it is done.
[[nodiscard]] std::string done_words(OperationKind kind);
/// `running` becomes `Running`. Requires: ASCII, not empty.
[[nodiscard]] std::string capitalized(std::string_view word);

/// `kTopic`, to follow.
[[nodiscard]] const hub::TopicName& topic_name();

}  // namespace howl::compat::cloud
