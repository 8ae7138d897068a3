// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hub/sequencer.hpp"
#include "hub/topic_name.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::products::topics {

/// A page of a topic's history as `?format=json` shows it: `{"topic","epoch","firstOffset",
/// "lastOffset","more","events":[...]}`.
///
/// At most about `limits::kPageBytesMax` of text, one event at least; `more` says that there are
/// others behind the last one. It is written in steps, between which the shard serves others.
/// Errors: `kOverloaded` where peers have too much in memory already.
[[nodiscard]] runtime::Task<Result<std::string>> history_text(
    runtime::Shard& shard, const hub::TopicName& topic, const hub::Sequencer::History& history);

}  // namespace howl::products::topics
