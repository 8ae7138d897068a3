// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace howl::storage::dynamodb {

struct DynamoSettings {
    /// `http://127.0.0.1:8000`; empty: AWS's own of the region.
    std::string endpoint{};
    std::string region = "us-east-1";
    /// An AWS credentials file, its profile `default`; empty: AWS_ACCESS_KEY_ID,
    /// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment. Never logged.
    std::string credentials_file{};
    /// One request, with its connection. Reached: tried again, within `commit_time`.
    std::chrono::milliseconds request_time = std::chrono::seconds{1};
    /// All tries of one read or commit. Reached: `kStorageFailed`.
    std::chrono::milliseconds commit_time = std::chrono::seconds{2};
    /// Requests at the same time; more wait.
    std::uint64_t requests_max = 16;
    /// Requests waiting. Reached: `kOverloaded`.
    std::uint64_t queue_max = 1000;
};

/// The table that keeps the records of one kind.
struct Table {
    std::string kind;
    std::string name;
    std::string key_attribute = "id";
    std::string owner_attribute = "owner";
    std::string owner_index = "OwnerIndex";
    /// Members of the record's JSON text that stand as attributes of their own as well, for other
    /// programs that read the table.
    std::vector<std::string> shown_members{};
};

}  // namespace howl::storage::dynamodb
