// SPDX-License-Identifier: Apache-2.0
// What the high-water mark adds to a commit (ADR 0018): `high_water_mark_bench [directory]`.
//
// Two databases take turns, commit by commit: one numbers each commit and writes the mark, as the
// server does, and one does neither. So both have the same disk and the same other load, and the
// ratio of their medians is the cost of the mark.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/sqlite/commit_marker.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/schema.hpp"

namespace {

using namespace howl;
using namespace howl::storage::sqlite;
using SteadyClock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t kCommits = 2000;
constexpr std::size_t kEventBytes = 200;

template <class T>
T or_exit(Result<T> outcome) {
    if (!outcome) {
        std::fprintf(stderr, "%s\n", outcome.error().describe().c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*outcome);
    }
}

/// A database that commits one event at a time.
class Database {
public:
    enum class Mark : std::uint8_t { kWithout, kWith };

    Database(const std::filesystem::path& directory, Mark mark) {
        std::filesystem::create_directories(directory);
        SystemRandom random;
        connection_ = std::make_unique<Connection>(
            or_exit(Connection::open(directory / "howl.db", Connection::Access::kReadWrite)));
        or_exit(prepare_database(*connection_, random));
        if (mark == Mark::kWith) {
            marker_ = or_exit(CommitMarker::open(*connection_, directory, random, {}));
        }
        put_ = or_exit(connection_->prepare(
            "INSERT INTO events VALUES (?, 1, ?, 0, 0, 'news', 'text/plain', ?, 0)"));
    }

    void commit() {
        const auto begin = SteadyClock::now();
        or_exit(connection_->execute("BEGIN IMMEDIATE"));
        ++events_;
        {
            Query query{put_};
            query.integer(1, events_).integer(2, events_).blob(3, data_);
            or_exit(query.run());
        }
        if (marker_) {
            or_exit(marker_->number_next());
        }
        or_exit(connection_->execute("COMMIT"));
        if (marker_) {
            marker_->committed();
        }
        times_.push_back(SteadyClock::now() - begin);
        if (connection_->wal_pages() >= kCheckpointPages) {
            or_exit(connection_->checkpoint(Connection::Checkpoint::kPassive));
        }
    }

    /// `part` 0.5: the median.
    [[nodiscard]] Microseconds time_at(double part) {
        std::ranges::sort(times_);
        return times_[static_cast<std::size_t>(part * static_cast<double>(times_.size() - 1))];
    }

private:
    static constexpr int kCheckpointPages = 1000;

    std::unique_ptr<Connection> connection_;
    std::unique_ptr<CommitMarker> marker_;
    Statement put_;
    const std::string data_ = std::string(kEventBytes, 'x');
    std::uint64_t events_ = 0;
    std::vector<SteadyClock::duration> times_;
};

void print(const char* name, Database& database) {
    std::printf("%-12s %10.1f %10.1f %10.1f\n", name, database.time_at(0.1).count(),
                database.time_at(0.5).count(), database.time_at(0.99).count());
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path parent =
        argc > 1 ? std::filesystem::path{argv[1]} : std::filesystem::current_path();
    const auto directory = parent / "high_water_mark_bench.data";
    std::filesystem::remove_all(directory);
    {
        Database without{directory / "without", Database::Mark::kWithout};
        Database with{directory / "with", Database::Mark::kWith};
        for (std::size_t i = 0; i < kCommits; ++i) {
            // Each is first in every second round.
            auto& first = i % 2 == 0 ? without : with;
            auto& second = i % 2 == 0 ? with : without;
            first.commit();
            second.commit();
        }
        std::printf("%zu commits of one %zu-byte event each\n%-12s %10s %10s %10s\n", kCommits,
                    kEventBytes, "mark", "p10 us", "p50 us", "p99 us");
        print("without", without);
        print("with", with);
        std::printf("ratio of the medians: %.3f\n", with.time_at(0.5) / without.time_at(0.5));
    }
    std::filesystem::remove_all(directory);
    return 0;
}
