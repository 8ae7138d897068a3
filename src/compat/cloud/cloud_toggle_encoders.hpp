// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "hub/session_sink.hpp"
#include "products/cloud/instance.hpp"

namespace howl::compat::cloud {

using products::cloud::Instance;

/// `9:37:58 AM 11/21/2026`: time and date as an original server in the United States prints them.
[[nodiscard]] std::string us_time(const std::tm& time);

/// The SSE stream of the endpoint `cloud-toggle` (docs/protocols).
///
/// ```
///   id: jb8tk7c1.7.ect9ocq8.1
///   event: message
///   data: {"id":"<uuid>","info":"Created","timeStamp":"9:38:08 AM 11/21/2026","timestamp":"..."}
/// ```
/// Both spellings stand in every event: the original had one or the other, and clients that read
/// only one showed `undefined`. Times are the server's local ones.
class CloudToggleEncoder final : public hub::EventEncoder {
public:
    /// Of commands only a create is announced, as in the original.
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    /// `id: CURSOR` alone, which no page sees and every EventSource remembers.
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    /// A named event, which reaches only those who ask for it: the pages take every `message` for
    /// one of an instance.
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;
};

/// Its WebSocket's messages: `[{"id":"<uuid>","state":"running"}]` for what
/// was started or stopped, nothing for the rest. A page that was away asks for the list.
class CloudStateEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
};

/// `[{"id":"<uuid>","state":"stopped"}]` of those that exist.
[[nodiscard]] std::string states_text(const std::vector<Instance>& instances);

}  // namespace howl::compat::cloud
