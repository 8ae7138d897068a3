// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/event.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "runtime/task.hpp"

namespace howl::broker::kafka {

inline constexpr std::string_view kCheckpointKind = "kafka-place";

/// Howl's position in one partition: the value of a record of kind `kCheckpointKind`.
struct Checkpoint {
    std::uint64_t next = 0;   ///< Offset of the first record that is not stored yet.
    std::string incarnation;  ///< A new one where the topic was recreated, and offsets began again.

    /// Errors: `kDamaged` for a text that Howl did not write.
    [[nodiscard]] static Result<Checkpoint> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool operator==(const Checkpoint&) const = default;
};

/// A checkpoint as it is in the store; version 0: there is none yet.
struct StoredCheckpoint {
    Checkpoint checkpoint;
    Version version;
    [[nodiscard]] bool exists() const noexcept { return version != Version{0}; }
};

/// The ends of a source's partitions when Howl first read it: the value of a record of kind
/// `kSourceKind`. Partitions that are added later, and a topic that is created later, hold nothing
/// older than that.
struct Takeover {
    std::vector<std::uint64_t> ends;  ///< One past the last record of each partition, by number.

    /// Errors: `kDamaged` for a text that Howl did not write.
    [[nodiscard]] static Result<Takeover> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

inline constexpr std::string_view kSourceKind = "kafka-source";
[[nodiscard]] hub::RecordKey source_key(std::string_view cluster, std::string_view topic);

/// Reads the store's answer for such a key; nothing: the source is new here. Errors: the store's,
/// those of `Takeover::parse`.
[[nodiscard]] Result<std::optional<Takeover>> takeover_of(
    const Result<std::optional<hub::Record>>& record);

/// The key of a partition's checkpoint. The cluster is in it, since another one has other records
/// at the same offsets.
[[nodiscard]] hub::RecordKey checkpoint_key(std::string_view cluster, std::string_view topic,
                                            std::int32_t partition);
/// Reads the store's answer for such a key. Errors: the store's, those of `Checkpoint::parse`.
[[nodiscard]] Result<StoredCheckpoint> stored_checkpoint_of(
    const Result<std::optional<hub::Record>>& record);

/// Moves one partition's checkpoint forward, each step in one commit with the events of the records
/// before it, so that a record's events are stored exactly once (ADR 0014).
class CheckpointStore {
public:
    CheckpointStore(hub::Hub& hub, hub::Store& store, hub::RecordKey key, StoredCheckpoint stored)
        : hub_(hub), store_(store), key_(std::move(key)), stored_(std::move(stored)) {}

    [[nodiscard]] bool exists() const noexcept { return stored_.exists(); }
    [[nodiscard]] std::uint64_t next() const noexcept { return stored_.checkpoint.next; }
    /// Identifies the partition until its topic is recreated.
    [[nodiscard]] std::string stream() const {
        return key_.id + "/" + stored_.checkpoint.incarnation;
    }

    /// Creates the checkpoint, or replaces it, with a new incarnation. Errors: as `advance`.
    [[nodiscard]] runtime::Task<Result<void>> begin(std::uint64_t next, std::string incarnation);
    /// Stores `events`, which are of the durable lane, and the checkpoint after their records.
    /// Errors: `hub::Store::commit`. After `kVersionConflict` the checkpoint is what the store has
    /// now: an earlier commit whose outcome was unknown had succeeded.
    [[nodiscard]] runtime::Task<Result<void>> advance(std::uint64_t next,
                                                      std::vector<hub::NewEvent> events);

private:
    [[nodiscard]] runtime::Task<Result<void>> commit(Checkpoint checkpoint,
                                                     std::vector<hub::NewEvent> events);
    [[nodiscard]] runtime::Task<Result<void>> reload();

    hub::Hub& hub_;
    hub::Store& store_;
    const hub::RecordKey key_;
    StoredCheckpoint stored_;
};

}  // namespace howl::broker::kafka
