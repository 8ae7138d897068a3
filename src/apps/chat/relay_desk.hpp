// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/chat/chat_app.hpp"
#include "apps/chat/relay_bindings.hpp"
#include "apps/chat/relay_frame.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "hub/cursor.hpp"
#include "hub/hub.hpp"
#include "runtime/shard_group.hpp"

namespace howl::apps::chat {

/// The room that the door shows.
[[nodiscard]] const RoomName& relay_room();
/// Carries the list of members to the open sockets, as the text they get. Volatile, and only the
/// newest is worth keeping.
[[nodiscard]] const hub::TopicName& relay_topic();  // howl:chat-relay/lobby
inline constexpr std::string_view kRelayTopicPattern = "howl:chat-relay/*";

/// Bytes of a list of members; reached: who came later is not in it. It leaves some room in the
/// queue of one reader, and holds ten thousand members with names of usual length.
inline constexpr std::size_t kRelayRosterBytesMax = limits::kOutputQueueBytesMax * 3 / 4;
/// `[{"id":"...","name":"Anna"},...]`
[[nodiscard]] std::string relay_list(const std::vector<Member>& members);

/// The relay door's part on the chat's home shard: who is who, and what the list of members says.
///
/// A list goes to all open sockets when one more opens, when a member leaves, and when one joins
/// through another door; a mere reservation is not told, as the original does not. One list is on
/// its way at a time, and who opens meanwhile shares the next one, so that a storm of connects is
/// no storm of lists. Without open sockets nothing is published.
///
/// Thread: the chat's home shard; the verbs that take `from`, and `close`, on any.
/// Limits: it knows the server's connections and the room's members, no more.
class RelayDesk final : public RosterListener, private RelayBindings::Connections {
public:
    /// Becomes a listener of `chat`. Requires: before `chat` loads.
    RelayDesk(runtime::ShardGroup& shards, hub::Hub& home, ChatApp& chat);
    RelayDesk(const RelayDesk&) = delete;
    RelayDesk& operator=(const RelayDesk&) = delete;

    using RosterText = std::shared_ptr<const std::string>;
    struct Welcome {
        RelaySocketId socket;
        RosterText roster;   ///< The first frame.
        hub::Cursor cursor;  ///< Behind it: where the socket's reader of both topics begins.
    };
    /// A socket from `peer` is open. Completes with the list that all others get too.
    /// Errors: `hub::EventLog::append`; the socket is not known then.
    [[nodiscard]] runtime::Task<Result<Welcome>> open(ShardId from, std::string peer);
    /// Lets go of whom it held.
    void close(RelaySocketId socket);

    /// `user` has just reserved its name from `peer`.
    [[nodiscard]] runtime::Task<void> introduce(ShardId from, User user, std::string peer);

    struct Hearing {
        enum class Fate : std::uint8_t { kRelay, kDrop } fate = Fate::kDrop;
        User author{};  ///< Who said it, for other doors: the member, or whom the frame names.
        /// Whose the socket is for good; while this holds, frames of theirs need no hearing.
        std::optional<User> bound{};
    };
    /// A frame on `socket` that says it is from `claim`.
    [[nodiscard]] runtime::Task<Hearing> hear(ShardId from, RelaySocketId socket, Claim claim);
    /// A frame says that `claim` leaves. Whose the socket is after it; what else comes of it is
    /// told by the next list, or not at all.
    [[nodiscard]] runtime::Task<std::optional<User>> exit(ShardId from, RelaySocketId socket,
                                                          Claim claim);
    /// The list as it is now.
    [[nodiscard]] runtime::Task<RosterText> roster(ShardId from);

private:
    enum class Identity : std::uint8_t { kNobody, kOne, kSeveral };
    struct Found {
        Identity identity = Identity::kNobody;
        const Member* member = nullptr;  ///< With `kOne`.
        RelayBindings::Proof proof = RelayBindings::Proof::kName;
    };
    using OpenDone = std::move_only_function<void(Result<Welcome>)>;
    struct Opening {
        RelaySocketId socket;
        OpenDone done;
    };
    using MemberIndex = std::map<std::string_view, const Member*, std::less<>>;

    // RosterListener.
    void on_roster_changed(const RoomName& room) override;
    // RelayBindings::Connections.
    void on_hold(RelayBindings::HoldRef hold) override;
    void on_let_go(RelayBindings::Hold& hold) override;

    [[nodiscard]] runtime::Task<void> connect(RelayBindings::HoldRef hold);
    [[nodiscard]] runtime::Task<void> leave(std::string user_id, RelayBindings::HoldRef hold);
    [[nodiscard]] Hearing judge(RelaySocketId socket, const Claim& claim);
    [[nodiscard]] std::optional<User> let_exit(RelaySocketId socket, const Claim& claim);
    [[nodiscard]] std::optional<User> bound_user(RelaySocketId socket) const;

    /// Whom a frame means.
    [[nodiscard]] Found find(const Claim& claim);
    [[nodiscard]] const Member* find_by_name(const std::string& name) const;
    /// Takes the members as they are, and sees whether there is something to tell.
    void refresh();
    /// Somebody has gone, or come through another door.
    [[nodiscard]] bool is_news(const std::vector<Member>& members) const;
    void index_members();

    void want_list();
    void publish_list();
    /// The list as the members are known now; written once for each change of them.
    [[nodiscard]] RosterText list_text();
    void on_published(hub::Cursor cursor, const RosterText& text, std::vector<Opening> openings,
                      Result<hub::Receipts> receipts);

    // Constant after construction.
    runtime::ShardGroup& shards_;
    hub::Hub& home_;
    ChatApp& chat_;
    // Shard-local state.
    RelayBindings bindings_{*this};
    std::vector<Member> members_;
    MemberIndex by_id_;                           ///< Into `members_`.
    MemberIndex by_name_;                         ///< Into `members_`.
    RosterText list_text_;                        ///< Of `members_`; null until somebody needs it.
    std::set<std::string, std::less<>> leaving_;  ///< Users whose departure is on its way.
    std::vector<Opening> openings_;               ///< They wait for the next list.
    enum class Members : std::uint8_t { kFresh, kStale } known_ = Members::kStale;
    enum class Check : std::uint8_t { kNone, kPosted } check_ = Check::kNone;
    enum class List : std::uint8_t { kNone, kOnItsWay, kAnotherWanted } list_ = List::kNone;
};

}  // namespace howl::apps::chat
