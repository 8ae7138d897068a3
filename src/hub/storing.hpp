// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "runtime/task.hpp"

// The port `Store` for coroutines. Each completes on the shard of `hub`. A look that fails where a
// commit would say `kStorageFailed` says `kReadFailed`.
namespace howl::hub {

/// Errors: `Store::get`.
[[nodiscard]] runtime::Task<Result<std::optional<Record>>> get_record(Hub& hub, Store& store,
                                                                      RecordKey key);
/// Errors: `Sequencer::list`.
[[nodiscard]] runtime::Task<Result<Sequencer::RecordSnapshot>> list_records(Hub& hub, Store& store,
                                                                            Store::Query query);
/// Errors: `Store::count`.
[[nodiscard]] runtime::Task<Result<std::uint64_t>> count_records(Hub& hub, Store& store,
                                                                 Store::Query query);
/// Completes when durable, and when the readers on this shard have the events queued.
/// Errors: `Gate::commit`.
[[nodiscard]] runtime::Task<Result<Receipts>> commit_record(Hub& hub, Store& store,
                                                            const access::Principal& who,
                                                            RecordChange change,
                                                            std::vector<NewEvent> events);

}  // namespace howl::hub
