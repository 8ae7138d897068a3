// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hub/presence_store.hpp"
#include "hub/topic_name.hpp"
#include "products/topics/topic_list.hpp"
#include "transport/http/router.hpp"

namespace howl::products::topics {

/// How the streams keep alive. Those of `/api/events?envelope=json` are the portal's, one for each
/// page.
struct StreamStyles {
    const transport::SseStyle& plain;
    const transport::SseStyle& page;
};

/// The general use of the core: publish to any topic, read any topics, with history and resume.
///
/// ```
///   POST   /api/topics/{topic}/events              publish the body  201 and its place
///     ?topic=b&topic=c                             in these topics too, as one event
///   GET    /api/topics/{topic}/events              follow as SSE
///   GET    /api/topics/{topic}/events?format=json  history page
///   DELETE /api/topics/{topic}/events              forget the history  204
///   GET    /api/topics/{topic}/ws                  follow as WebSocket
///   GET    /api/topics/{topic}/presence            who follows it under a name (`?as=NAME`)
///   GET    /api/events?topic=a&pattern=b/*         several topics, one stream, one resume id
///   POST   /api/events                             the same, the parameters in a form
///   GET    /api/events/ws?topic=a&pattern=b/*      the same as WebSocket
/// ```
/// In a path a topic's name is spelled as `hub::spell_topic` does it; the last segment is the verb.
/// Wire formats: `docs/API.md`. The references outlive the router.
/// `listing`: where topics are not listed they can't be read by pattern either, which tells names.
void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                StreamStyles styles, hub::PresenceStore& presence, TopicListing listing);

}  // namespace howl::products::topics
