// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_event_log.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "storage/sqlite/schema.hpp"

namespace howl::storage::sqlite {

class SqliteEventLog::AppendUnit final : public WorkUnit {
public:
    AppendUnit(EventWriter& writer, hub::AppendBatch batch, Companion companion)
        : writer_(writer),
          weight_(std::max<std::size_t>(1, batch.items.size())),
          batch_(std::move(batch)),
          companion_(std::move(companion)) {}

    [[nodiscard]] std::size_t weight() const override { return weight_; }
    [[nodiscard]] Result<void> apply() override {
        HOWL_TRY(receipts, writer_.append(std::move(batch_.items), batch_.grouping));
        receipts_ = std::move(receipts);
        return companion_ ? companion_() : Result<void>{};
    }
    void complete(Result<void> stored) override {
        Result<hub::Receipts> outcome = std::move(receipts_);
        if (!stored) {
            outcome = std::unexpected(std::move(stored).error());
        }
        writer_.report({std::move(outcome), std::move(batch_.done), std::move(batch_.updates)});
    }
    void refuse(Error error) { batch_.done(std::unexpected(std::move(error))); }

private:
    EventWriter& writer_;
    const std::size_t weight_;
    hub::AppendBatch batch_;
    Companion companion_;  ///< Empty: none.
    hub::Receipts receipts_;
};

class SqliteEventLog::PurgeUnit final : public WorkUnit {
public:
    PurgeUnit(EventWriter& writer, hub::TopicName topic, hub::PurgeScope scope, PurgeDone done)
        : writer_(writer), topic_(std::move(topic)), scope_(scope), done_(std::move(done)) {}

    [[nodiscard]] std::size_t weight() const override { return 1; }
    [[nodiscard]] Result<void> apply() override {
        HOWL_TRY(purged, writer_.purge(topic_, scope_));
        purged_ = purged;
        return {};
    }
    [[nodiscard]] bool frees_space() const override { return true; }
    void complete(Result<void> stored) override {
        // The listener gets the purged events before anybody learns that they are gone.
        writer_.flush_reports();
        if (stored) {
            if (purged_.is_forgotten) {
                writer_.report_forgotten(std::span{&topic_, 1});
            }
            done_(purged_.through);
        } else {
            refuse(std::move(stored).error());
        }
    }
    void refuse(Error error) { done_(std::unexpected(std::move(error))); }

private:
    EventWriter& writer_;
    const hub::TopicName topic_;
    const hub::PurgeScope scope_;
    PurgeDone done_;
    EventWriter::Purged purged_;
};

class SqliteEventLog::SweepUnit final : public WorkUnit {
public:
    using Done = std::move_only_function<void(Result<void>)>;

    SweepUnit(EventWriter& writer, CommitMarker& marker, GroupCommitter& committer, Done done)
        : writer_(writer), marker_(marker), committer_(committer), done_(std::move(done)) {}

    [[nodiscard]] std::size_t weight() const override { return 1; }
    [[nodiscard]] Result<void> apply() override {
        HOWL_TRY(swept, writer_.sweep());
        swept_ = std::move(swept);
        return {};
    }
    void complete(Result<void> stored) override {
        if (stored) {
            writer_.report_forgotten(swept_.forgotten);
        }
        if (stored && !swept_.is_done) {
            // The rest waits in the queue behind the publishers.
            submit(std::make_unique<SweepUnit>(writer_, marker_, committer_, std::move(done_)));
            return;
        }
        if (stored) {
            marker_.renew();
        }
        done_(std::move(stored));
    }
    static void submit(std::unique_ptr<SweepUnit> sweep) {
        auto& self = *sweep;
        std::unique_ptr<WorkUnit> unit = std::move(sweep);
        if (auto taken = self.committer_.try_submit(unit); !taken) {
            self.done_(std::move(taken));
        }
    }

private:
    EventWriter& writer_;
    CommitMarker& marker_;
    GroupCommitter& committer_;
    Done done_;
    EventWriter::Swept swept_;
};

Result<std::unique_ptr<SqliteEventLog>> SqliteEventLog::open(
    const std::filesystem::path& directory_path, const Clock& clock, Random& random,
    SqliteEventLogOptions options) {
    HOWL_TRY(directory, DataDirectory::open(directory_path));
    const auto file = directory.database_file();
    HOWL_TRY(writing, Connection::open(file, Connection::Access::kReadWrite, options.vfs));
    HOWL_TRY_VOID(prepare_database(writing, random));
    auto counters = std::make_unique<Counters>();
    HOWL_TRY(topics, TopicTable::load(writing));
    HOWL_TRY(marker, CommitMarker::open(writing, directory.path(), random,
                                        topics.why_offsets_may_repeat()));
    HOWL_TRY_VOID(topics.repair(writing));
    for (const auto& row : topics.damaged()) {
        counters->damage.add(row);
    }
    HOWL_TRY(writer,
             EventWriter::load(writing, std::move(topics), clock, *counters, options.limits));
    HOWL_TRY(reading, Connection::open(file, Connection::Access::kReadOnly, options.vfs));
    HOWL_TRY(reader, EventReader::create(std::move(reading), writer->age_clock(), *counters));
    return std::unique_ptr<SqliteEventLog>{new SqliteEventLog{
        std::move(directory), clock, std::move(options), std::move(marker), std::move(counters),
        std::move(writing), std::move(writer), std::move(reader)}};
}

SqliteEventLog::SqliteEventLog(DataDirectory directory, const Clock& clock,
                               SqliteEventLogOptions options, std::unique_ptr<CommitMarker> marker,
                               std::unique_ptr<Counters> counters, Connection writing,
                               std::unique_ptr<EventWriter> writer,
                               std::unique_ptr<EventReader> reader)
    : directory_(std::move(directory)),
      marker_(std::move(marker)),
      counters_(std::move(counters)),
      writer_(std::move(writer)),
      committer_(std::move(writing), *writer_, *marker_, directory_.path(), clock, *counters_,
                 committer_options(std::move(options))),
      reads_(std::move(reader)) {}

SqliteEventLog::~SqliteEventLog() {
    stop();
}

GroupCommitterOptions SqliteEventLog::committer_options(SqliteEventLogOptions options) {
    return {.queue_weight_max = options.queue_events_max,
            .group_weight_max = options.commit_events_max,
            .checkpoint_pages = options.checkpoint_pages,
            .period = options.sweep_period,
            .periodic =
                [this] {
                    return std::make_unique<SweepUnit>(*writer_, *marker_, committer_,
                                                       [](Result<void>) {
                                                           // The same error fails the publishers,
                                                           // who get it.
                                                       });
                },
            .on_failed = std::move(options.on_failed)};
}

Result<std::vector<hub::TopicState>> SqliteEventLog::topics() {
    std::vector<hub::TopicState> out;
    out.reserve(writer_->topics().all().size());
    for (const auto& [name, topic] : writer_->topics().all()) {
        const auto& ledger = topic.row.ledger;
        out.push_back({name, ledger.last_offset, ledger.last_sequence, ledger.evicted_through});
    }
    return out;
}

hub::ForgottenTopics SqliteEventLog::forgotten() const {
    return writer_->topics().forgotten();
}

Result<std::vector<hub::EventRef>> SqliteEventLog::newest(std::size_t bytes_max) {
    return reads_.reader().newest(writer_->topics(), bytes_max);
}

void SqliteEventLog::start(hub::CommitListener& listener) {
    writer_->set_listener(listener);
    reads_.start();
    committer_.start();
}

void SqliteEventLog::stop() {
    // Readers first, so that none prevents the last checkpoint.
    reads_.stop();
    committer_.stop();
}

void SqliteEventLog::append(hub::AppendBatch batch) {
    append_with(std::move(batch), {});
}

void SqliteEventLog::append_with(hub::AppendBatch batch, Companion companion) {
    auto append = std::make_unique<AppendUnit>(*writer_, std::move(batch), std::move(companion));
    auto& self = *append;
    std::unique_ptr<WorkUnit> unit = std::move(append);
    if (auto taken = committer_.try_submit(unit); !taken) {
        self.refuse(std::move(taken).error());
    }
}

void SqliteEventLog::purge(hub::TopicName topic, hub::PurgeScope scope, PurgeDone done) {
    auto purge = std::make_unique<PurgeUnit>(*writer_, std::move(topic), scope, std::move(done));
    auto& self = *purge;
    std::unique_ptr<WorkUnit> unit = std::move(purge);
    if (auto taken = committer_.try_submit(unit); !taken) {
        self.refuse(std::move(taken).error());
    }
}

void SqliteEventLog::read(std::vector<hub::TopicName> topics, Sequence after, std::size_t limit,
                          ReadDone done) {
    reads_.submit([topics = std::move(topics), after, limit,
                   done = std::move(done)](Result<EventReader*> reader) mutable {
        if (reader) {
            done((*reader)->read(std::move(topics), after, limit));
        } else {
            done(std::unexpected(std::move(reader).error()));
        }
    });
}

void SqliteEventLog::history(hub::TopicName topic, Offset after, std::size_t limit,
                             HistoryDone done) {
    reads_.submit([topic = std::move(topic), after, limit,
                   done = std::move(done)](Result<EventReader*> reader) mutable {
        if (reader) {
            done((*reader)->history(topic, after, limit));
        } else {
            done(std::unexpected(std::move(reader).error()));
        }
    });
}

Stats SqliteEventLog::stats() const {
    const auto& counters = *counters_;
    return {
        .commits = counters.commits.load(std::memory_order_relaxed),
        .events = counters.events.load(std::memory_order_relaxed),
        .commit_time = std::chrono::nanoseconds{counters.commit_ns.load(std::memory_order_relaxed)},
        .queued_events = committer_.queued_weight(),
        .corrupt_rows = counters.damage.count()};
}

void SqliteEventLog::sweep_for_test(std::move_only_function<void(Result<void>)> done) {
    SweepUnit::submit(std::make_unique<SweepUnit>(*writer_, *marker_, committer_, std::move(done)));
}

}  // namespace howl::storage::sqlite
