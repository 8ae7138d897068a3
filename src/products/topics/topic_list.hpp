// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "hub/sequencer.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "transport/http/router.hpp"

namespace howl::products::topics {

/// Whether visitors may see which topics there are. A name may say more than its owner wants, and
/// nobody has to log in.
enum class TopicListing : std::uint8_t { kOff, kOn };

/// A page of the list of topics: names with `prefix` behind `after`, at most `limit`.
struct TopicPage {
    std::string prefix;
    std::string after;
    std::uint64_t limit = 0;
};

/// The page as JSON: `{"topics":[{"topic","lane","lastOffset"},...],"more"}`, by name, without
/// those of Howl's own apps. It is looked up and written in steps, between which the shard serves
/// others.
/// Errors: `kOverloaded` where peers have too much in memory already.
[[nodiscard]] runtime::Task<Result<std::string>> topic_list_text(hub::Hub& hub,
                                                                 access::Principal who,
                                                                 TopicPage page);

/// `GET /api/topics?prefix=&after=&limit=`. Errors of the route where the listing is off:
/// `kTopicsNotListed`. `response_policy` outlive the router.
void add_list_route(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    TopicListing listing);

}  // namespace howl::products::topics
