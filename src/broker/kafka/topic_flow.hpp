// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "broker/flow.hpp"

namespace howl::broker::kafka {

/// The value of each record becomes an event of a topic. A tombstone becomes an event of the type
/// `tombstone` without data: readers learn that the key was deleted, and can distinguish that from
/// an empty value.
///
/// Poison: a value that is not UTF-8 or larger than an event may be, a record without the key that
/// its topic's name needs, a name that is no valid topic or is reserved for Howl.
class TopicFlow final : public RecordFlow {
public:
    static constexpr std::string_view kTombstone = "tombstone";

    struct Target {
        std::string topic;  ///< `{key}` in it stands for the record's key.
        std::string type;   ///< Of the events; empty: `message`.
        /// Topics with this prefix are written by Howl's own products alone.
        std::string reserved_prefix;
    };
    /// Errors: `kInvalidConfig` for a target that can't work with any key.
    [[nodiscard]] static Result<TopicFlow> create(Target target);

    [[nodiscard]] runtime::Task<Result<Effect>> take(hub::Hub& hub, const Record& record,
                                                     const std::string& stream) override;
    /// The event that a record becomes. Errors: why it is poison.
    [[nodiscard]] Result<hub::NewEvent> event_of(const Record& record) const;

private:
    explicit TopicFlow(Target target) : target_(std::move(target)) {}
    [[nodiscard]] Result<hub::TopicName> topic_of(const Record& record) const;

    Target target_;
};

}  // namespace howl::broker::kafka
