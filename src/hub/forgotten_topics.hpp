// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ids.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// What a lane still knows of the topics it has forgotten, in bounded space, whatever their number.
///
/// A topic that comes back must not give an offset out again, and a reader who stands before what
/// was in it must learn that it is gone. Both take a memory, and remembering every name for ever is
/// what forgetting is there to end. So each name falls into one of `kBuckets` buckets, and a bucket
/// keeps the greatest offset and the greatest sequence of the topics that went into it. A topic of
/// that bucket which is made later begins behind them: its first offset may be greater than 1, and
/// a reader with a place before them is told of a gap, also where only another topic of the bucket
/// had events. So the worst of sharing a bucket is a `reset` too many, never one too few.
///
/// Thread: guarded by its owner.
class ForgottenTopics {
public:
    static constexpr std::size_t kBuckets = 65'536;
    using Bucket = std::uint32_t;

    struct Mark {
        Offset last_offset;      ///< Offsets up to here may have been given out; 0: none.
        Sequence last_sequence;  ///< Events up to here may be gone.
        [[nodiscard]] bool operator==(const Mark&) const = default;
    };

    /// Stored in data directories, so it never changes.
    [[nodiscard]] static Bucket bucket_of(const TopicName& topic) noexcept;

    [[nodiscard]] Mark of(const TopicName& topic) const { return at(bucket_of(topic)); }
    [[nodiscard]] Mark at(Bucket bucket) const;
    /// What the bucket's mark is once it has taken in a topic that stands at `mark`.
    [[nodiscard]] Mark raised(const TopicName& topic, const Mark& mark) const;
    void add(const TopicName& topic, const Mark& mark) {
        set(bucket_of(topic), raised(topic, mark));
    }
    /// For loading, and for taking `add` back. Requires: `bucket` < `kBuckets`.
    void set(Bucket bucket, const Mark& mark);

    /// The greatest of all sequences; 0: nothing was forgotten.
    [[nodiscard]] Sequence newest() const;

private:
    std::vector<Mark> marks_;  ///< One for each bucket, or none as long as nothing was forgotten.
};

}  // namespace howl::hub
