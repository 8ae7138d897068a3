// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/named_type.hpp"

namespace howl {

/// Number of an event in its topic. Each event adds one to the one before. The first is 1, or
/// greater where topics were forgotten (`hub::ForgottenTopics`); 0 is the position before the
/// first.
using Offset = NamedType<std::uint64_t, struct OffsetTag>;
/// Number of an event in one lane of the node's event log; each event adds one. The first is 1 in a
/// new log; 0 is the position before it.
using Sequence = NamedType<std::uint64_t, struct SequenceTag>;
/// Names one unbroken history; a new one means that history was lost. `[a-z0-9]{1,16}`.
using Epoch = NamedType<std::string, struct EpochTag>;
/// How often a record was written; the first time gives 1. 0 stands for a record that is not there.
using Version = NamedType<std::uint64_t, struct VersionTag>;
/// Who is responsible for a published event: an address, until people can log in. Empty: Howl
/// itself.
using PublisherId = NamedType<std::string, struct PublisherIdTag>;
using ShardId = NamedType<std::uint32_t, struct ShardIdTag>;
/// Unique in the process, never reused.
using SessionId = NamedType<std::uint64_t, struct SessionIdTag>;

}  // namespace howl
