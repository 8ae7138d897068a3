// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "hub/output_memory.hpp"

namespace howl::hub {

/// Bytes ready for the socket, shared by all readers of one shard that need the same ones.
///
/// Immutable. The count is not atomic: a frame never leaves its shard, so that a thousand readers
/// cost a thousand plain additions and no contended cache line (`docs/adr/0006`).
class Frame : public boost::intrusive_ref_counter<Frame, boost::thread_unsafe_counter> {
public:
    explicit Frame(std::string bytes) : bytes_(std::move(bytes)), memory_(bytes_.size()) {}
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

private:
    const std::string bytes_;
    const OutputMemory::Hold memory_;
};

using FrameRef = boost::intrusive_ptr<const Frame>;

[[nodiscard]] inline FrameRef make_frame(std::string bytes) {
    return FrameRef{new Frame{std::move(bytes)}};
}

}  // namespace howl::hub
