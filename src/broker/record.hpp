// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace howl::broker {

/// Names and values, in Kafka's order; a name may stand there twice. Kafka tells a value that is
/// not there (null) from an empty one, and so do we.
using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Whether a record goes on where the one before it ended.
enum class Stream : std::uint8_t {
    kGoesOn,
    kAnew,  ///< The topic was made anew: offsets mean something else from here on.
};

/// A record as Kafka brought it.
struct Record {
    std::uint64_t offset = 0;
    std::optional<std::string> key{};
    std::optional<std::string> value{};  ///< None: a tombstone, the key's value is no more.
    Headers headers{};
    Stream stream = Stream::kGoesOn;

    /// What it costs while it waits, about.
    [[nodiscard]] std::size_t bytes() const noexcept;
    /// The last header of that name; none where there is none, or only its name.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

/// A record on its way to Kafka. Records of one key go to one partition.
struct OutRecord {
    std::string topic;
    std::optional<std::string> key;
    std::optional<std::string> value;
    Headers headers;
};

}  // namespace howl::broker
