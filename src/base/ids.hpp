// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/named_type.hpp"

namespace howl {

/// Place of an event in its topic; the first is 1, and each event adds one.
using Offset = NamedType<std::uint64_t, struct OffsetTag>;
/// Place of an event in one lane of the node's event log; the first is 1.
using Sequence = NamedType<std::uint64_t, struct SequenceTag>;
/// Names one unbroken history; a new one means that history was lost. `[a-z0-9]{1,16}`.
using Epoch = NamedType<std::string, struct EpochTag>;
/// How often a record was written; the first time gives 1. 0 stands for a record that is not there.
using Version = NamedType<std::uint64_t, struct VersionTag>;
using ShardId = NamedType<std::uint32_t, struct ShardIdTag>;
/// Unique in the process, never reused.
using SessionId = NamedType<std::uint64_t, struct SessionIdTag>;

}  // namespace howl
