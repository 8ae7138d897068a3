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

/// Names and values, in Kafka's order; a name may occur twice. A null value is not the same as an
/// empty one, as in Kafka.
using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Whether a record follows the one before it in the same topic.
enum class Stream : std::uint8_t {
    kGoesOn,
    kAnew,  ///< The topic was recreated: its offsets begin again.
};

/// A record as it was read from Kafka.
struct Record {
    std::uint64_t offset = 0;
    std::optional<std::string> key{};
    std::optional<std::string> value{};  ///< None: a tombstone, the key's value is deleted.
    Headers headers{};
    Stream stream = Stream::kGoesOn;

    /// Memory that it takes while it waits, about.
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
