// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.hpp"
#include "loadtest/endpoint.hpp"

namespace howl::loadtest {

struct SpawnOptions {
    std::string program;      ///< The `howl` to start; the one beside this program when empty.
    unsigned shards = 0;      ///< 0: what the server chooses.
    std::string config;       ///< A file for `--config`; none when empty.
    std::string config_text;  ///< Of a file for `--config` where there is no `config`.
    std::string data_dir;     ///< Parent of the temporary folder; the system's when empty.
};

/// `howl serve` in a child process, on a free loopback port, with its data and
/// its log in a folder that is deleted with it.
class SpawnedServer {
public:
    /// Completes when the server has printed its port. Errors: `kSystem` with the end of its log.
    [[nodiscard]] static Result<std::unique_ptr<SpawnedServer>> create(const SpawnOptions& options);
    /// Asks the server to end, waits 10 s at most, then kills it.
    ~SpawnedServer();
    SpawnedServer(const SpawnedServer&) = delete;
    SpawnedServer& operator=(const SpawnedServer&) = delete;

    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    SpawnedServer(std::filesystem::path folder, pid_t pid);

    [[nodiscard]] Result<void> wait_for_port();
    [[nodiscard]] bool has_ended();

    const std::filesystem::path folder_;
    pid_t pid_;  ///< -1 once it has ended and been waited for.
    Endpoint endpoint_;
};

/// The port in the first `127.0.0.1:PORT` of a log.
[[nodiscard]] std::optional<std::uint16_t> find_port(std::string_view log);

}  // namespace howl::loadtest
