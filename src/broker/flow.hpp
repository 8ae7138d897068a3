// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/result.hpp"
#include "broker/record.hpp"
#include "broker/record_writer.hpp"
#include "hub/event.hpp"
#include "hub/hub.hpp"
#include "runtime/task.hpp"

namespace howl::broker {

/// A record that can never be read, however often it is tried.
struct Poison {
    Error why;
};
/// A record whose effect is stored already, or that has none.
struct NothingToStore {};

/// The effect of a record. An event is stored together with the checkpoint after its record.
using Effect = std::variant<hub::NewEvent, Poison, NothingToStore>;

/// Turns the records of one source into events (port).
/// Thread: any shard, several partitions at the same time; `hub` is the caller's.
class RecordFlow {
public:
    virtual ~RecordFlow() = default;
    /// Reads one record; those of a partition come in order, one at a time. `stream` identifies the
    /// partition until its topic is recreated. A record may come again after an error or a crash: a
    /// flow with effects of its own must recognize it by stream and offset.
    /// Errors: temporary ones, such as a store that fails; the same record is tried again.
    [[nodiscard]] virtual runtime::Task<Result<Effect>> take(hub::Hub& hub, const Record& record,
                                                             const std::string& stream) = 0;
};

/// What a flow may need to know of the source that it is made for. `writer` outlives the flow.
struct SourceLink {
    std::string topic;  ///< Its name at the broker.
    RecordWriter& writer;
    /// Whether what is written to the topic now will come back. Thread: any.
    std::function<bool()> is_read;
    /// How long somebody may wait for it to come back.
    std::chrono::milliseconds reply_time;
};

/// Makes the flow of that name for a source; null: there is no such flow.
using MakeFlow =
    std::function<std::unique_ptr<RecordFlow>(std::string_view flow, const SourceLink& source)>;

}  // namespace howl::broker
