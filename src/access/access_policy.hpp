// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "access/principal.hpp"
#include "base/result.hpp"

namespace howl::access {

/// What can be done with a topic.
enum class TopicAction : std::uint8_t {
    kRead,     ///< Reading its events, live or from the history.
    kPublish,  ///< Adding events.
    kPurge,    ///< Deleting its events.
};

/// Who may do what (port). The error is the one that the client receives. No call blocks.
/// Thread: any.
class AccessPolicy {
public:
    virtual ~AccessPolicy() = default;
    [[nodiscard]] virtual Result<void> check_topic(const Principal& who, TopicAction action,
                                                   std::string_view topic) const = 0;
    /// Reading all topics that match `pattern` (`hub::TopicPattern`), those of the future too. None
    /// of them is asked for by name then.
    [[nodiscard]] virtual Result<void> check_pattern(const Principal& who,
                                                     std::string_view pattern) const = 0;
    /// Making, changing or removing a record (`hub::RecordKey`).
    [[nodiscard]] virtual Result<void> check_record(const Principal& who, std::string_view kind,
                                                    std::string_view id) const = 0;
};

/// Everybody may do everything, as on a server that only its own machine reaches.
[[nodiscard]] const AccessPolicy& allow_everything();

}  // namespace howl::access
