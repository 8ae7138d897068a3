// SPDX-License-Identifier: Apache-2.0
#include "loadtest/spawned_server.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "loadtest/descriptor.hpp"
#include "loadtest/interruption.hpp"

namespace howl::loadtest {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStartTime = 15s;
constexpr auto kStopTime = 10s;
constexpr auto kPollInterval = 5ms;
constexpr std::size_t kLogTailBytes = 600;
constexpr int kNoProgram = 127;  ///< As in a shell.

Result<fs::path> make_folder(const std::string& parent) {
    std::error_code error;
    const fs::path where = parent.empty() ? fs::temp_directory_path(error) : fs::path{parent};
    std::string pattern = (where / "howl-bench-XXXXXX").string();
    if (error || ::mkdtemp(pattern.data()) == nullptr) {
        return fail(Errc::kSystem, "--spawn", "cannot make a folder in " + where.string());
    }
    return fs::path{pattern};
}

std::string read_whole(const fs::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// `howl` is in the directory of `howl-bench`, in the build folder and where they are installed.
std::string program_of(const SpawnOptions& options) {
    std::error_code error;
    const fs::path own = fs::read_symlink("/proc/self/exe", error);
    return options.program.empty() ? (own.parent_path() / "howl").string() : options.program;
}

std::vector<std::string> arguments_for(const SpawnOptions& options, const fs::path& folder) {
    std::vector<std::string> arguments{"howl",        "serve",      "--listen",
                                       "127.0.0.1:0", "--data-dir", (folder / "data").string()};
    if (options.shards != 0) {
        arguments.insert(arguments.end(), {"--shards", std::to_string(options.shards)});
    }
    if (!options.config.empty()) {
        arguments.insert(arguments.end(), {"--config", options.config});
    } else if (!options.config_text.empty()) {
        const fs::path file = folder / "howl.toml";
        std::ofstream{file} << options.config_text;
        arguments.insert(arguments.end(), {"--config", file.string()});
    }
    return arguments;
}

/// Runs in the child: between fork and exec only async-signal-safe calls.
[[noreturn]] void exec_server(const char* program, char* const* arguments, int log) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::setpgid(0, 0);  // Ctrl-C is for the client only; the server ends with the run.
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(program, arguments);
    ::_exit(kNoProgram);
}

Result<pid_t> launch(const SpawnOptions& options, const fs::path& folder) {
    const Descriptor log{::open((folder / "server.log").c_str(),
                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    std::vector<std::string> arguments = arguments_for(options, folder);
    std::vector<char*> pointers;
    for (auto& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    const std::string program = program_of(options);
    if (::access(program.c_str(), X_OK) != 0) {
        return fail(Errc::kSystem, "--spawn", program + ": " + ::strerror(errno));
    }
    const pid_t pid = log.is_open() ? ::fork() : -1;
    if (pid == 0) {
        exec_server(program.c_str(), pointers.data(), log.number());
    }
    if (pid < 0) {
        return fail(Errc::kSystem, "--spawn", std::string{::strerror(errno)});
    }
    return pid;
}

}  // namespace

std::optional<std::uint16_t> find_port(std::string_view log) {
    constexpr std::string_view kHost = "127.0.0.1:";
    for (std::size_t position = log.find(kHost); position != std::string_view::npos;
         position = log.find(kHost, position + 1)) {
        const std::string_view digits = log.substr(position + kHost.size());
        std::uint16_t port = 0;
        const auto parsed = std::from_chars(digits.begin(), digits.end(), port);
        // A number at the end of the log may not be complete yet.
        if (parsed.ec == std::errc{} && port != 0 && parsed.ptr != digits.end()) {
            return port;
        }
    }
    return std::nullopt;
}

Result<std::unique_ptr<SpawnedServer>> SpawnedServer::create(const SpawnOptions& options) {
    HOWL_TRY(folder, make_folder(options.data_dir));
    const auto pid = launch(options, folder);
    if (!pid) {
        std::error_code ignored;  // The folder is empty but for a log.
        fs::remove_all(folder, ignored);
        return std::unexpected(pid.error());
    }
    std::unique_ptr<SpawnedServer> server{new SpawnedServer{folder, *pid}};
    HOWL_TRY_VOID(server->wait_for_port());
    return server;
}

SpawnedServer::SpawnedServer(fs::path folder, pid_t pid) : folder_(std::move(folder)), pid_(pid) {}

SpawnedServer::~SpawnedServer() {
    const auto deadline = std::chrono::steady_clock::now() + kStopTime;
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
    }
    while (!has_ended() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(kPollInterval);
    }
    if (!has_ended()) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;  // A folder that is left in the temporary directory does no harm.
    fs::remove_all(folder_, ignored);
}

bool SpawnedServer::has_ended() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
    }
    return pid_ < 0;
}

Result<void> SpawnedServer::wait_for_port() {
    const auto deadline = std::chrono::steady_clock::now() + kStartTime;
    while (true) {
        const bool ended = has_ended();
        const std::string log = read_whole(folder_ / "server.log");
        if (const auto port = find_port(log)) {
            endpoint_ = loopback_endpoint(*port);
            return {};
        }
        if (ended || Interruption::requested() || std::chrono::steady_clock::now() >= deadline) {
            const std::size_t tail = log.size() - std::min(log.size(), kLogTailBytes);
            return fail(Errc::kSystem, "--spawn", "the server did not start: " + log.substr(tail));
        }
        std::this_thread::sleep_for(kPollInterval);
    }
}

}  // namespace howl::loadtest
