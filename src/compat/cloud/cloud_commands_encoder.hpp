// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "hub/session_sink.hpp"
#include "products/cloud/instance.hpp"

namespace howl::compat::cloud {

using products::cloud::Instance;

/// `21.11.2026, 12:39:57`, the time in Moscow: UTC+3, without summer time since October 2014.
[[nodiscard]] std::string moscow_time(WallTime time);

/// The stream of the endpoint `cloud-commands` (docs/protocols): log entries for the worklog,
/// changes for the cards, no space behind a colon.
///
/// ```
///   id:jb8tk7c1.7.ect9ocq8.1
///   data:{"date":"21.11.2026, 12:39:57","info":"Created","server":"<uuid>"}
///
///   id:jb8tk7c1.8.ect9ocq8.1
///   data:{"action":"created","instance":{"id":"<uuid>","state":"Stopped"}}
/// ```
/// An `id:` is a cursor, where the original had UUIDs that it could not resume from. What is done
/// comes as two frames, and the first one's id is the place before the event: who is cut off
/// between the two gets both again, rather than never the second.
class CloudCommandsEncoder final : public hub::EventEncoder {
public:
    /// `clock` dates what has no event.
    explicit CloudCommandsEncoder(const Clock& clock) : clock_(clock) {}

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    /// Nothing: `greeting` has told it.
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    /// A log entry, because the worklog is all that such a page can show: its cards may be wrong
    /// from here on, and it has no way to draw them anew but a reload.
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;

private:
    const Clock& clock_;
};

/// What every stream begins with: `:ok`.
[[nodiscard]] std::string ok_comment();
/// One `created` for each instance that exists, and a `started` where it runs, from which a page
/// that knows nothing yet draws its cards. They have no `id:`, so that who is cut off among them
/// comes back as one who knows nothing.
[[nodiscard]] std::string snapshot_frames(const std::vector<Instance>& instances);
/// `id:` alone, which no page sees and every EventSource remembers.
[[nodiscard]] std::string place_frame(const hub::Cursor& cursor);

}  // namespace howl::compat::cloud
