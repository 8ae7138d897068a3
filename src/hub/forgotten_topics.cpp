// SPDX-License-Identifier: Apache-2.0
#include "hub/forgotten_topics.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace howl::hub {

ForgottenTopics::Bucket ForgottenTopics::bucket_of(const TopicName& topic) noexcept {
    // FNV-1a with 32 bits, folded to 16.
    constexpr std::uint32_t kBasis = 0x811C9DC5U;
    constexpr std::uint32_t kPrime = 0x01000193U;
    std::uint32_t hash = kBasis;
    for (const char letter : topic.text()) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * kPrime;
    }
    static_assert(kBuckets == 1U << 16U);
    return (hash >> 16U) ^ (hash & 0xFFFFU);
}

ForgottenTopics::Mark ForgottenTopics::at(Bucket bucket) const {
    return marks_.empty() ? Mark{} : marks_[bucket];
}

ForgottenTopics::Mark ForgottenTopics::raised(const TopicName& topic, const Mark& mark) const {
    const Mark present = of(topic);
    return {std::max(present.last_offset, mark.last_offset),
            std::max(present.last_sequence, mark.last_sequence)};
}

void ForgottenTopics::set(Bucket bucket, const Mark& mark) {
    HOWL_ASSERT(bucket < kBuckets);
    if (marks_.empty()) {
        marks_.resize(kBuckets);
    }
    marks_[bucket] = mark;
}

Sequence ForgottenTopics::newest() const {
    Sequence newest;
    for (const auto& mark : marks_) {
        newest = std::max(newest, mark.last_sequence);
    }
    return newest;
}

}  // namespace howl::hub
