// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "products/reports/report.hpp"

namespace howl::compat::reports {

using products::reports::Status;

/// What the body of a `/v4` PUT and the value of a record of `v4_messages` ask for (protocols
/// section 4.6).
struct WantedMove {
    std::string report_id;  ///< A UUID in lower case, with hyphens, in whatever form it came.
    Status to = Status::kPending;

    /// `{"id":"<uuid>","status":"queued"}`; other members are ignored. Errors: `kInvalidJson`;
    /// `kBadRequest` for JSON that says something else. The detail says what is wrong.
    [[nodiscard]] static Result<WantedMove> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    /// The key of its record in Kafka: the 16 bytes of the report's UUID.
    [[nodiscard]] std::string key() const;
    [[nodiscard]] bool operator==(const WantedMove&) const = default;
};

}  // namespace howl::compat::reports
