// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "compat/chat/relay_bindings.hpp"
#include "compat/chat/relay_frame.hpp"
#include "hub/cursor.hpp"
#include "hub/hub.hpp"
#include "products/chat/chat_app.hpp"
#include "runtime/shard.hpp"
#include "runtime/shard_group.hpp"

namespace howl::compat::chat {

using products::chat::ChatApp;
using products::chat::Member;
using products::chat::RoomName;
using products::chat::RosterListener;
using products::chat::User;

/// The room that the endpoint shows.
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

/// The relay endpoint's part on the chat's home shard: who is who, and what the list of members
/// says.
///
/// A list goes to all open sockets when one more opens, when a name is taken through any endpoint,
/// and when a member leaves. The original does not tell of a registration, so that its clients miss
/// whoever connects first and registers then. One list is on its way at a time, and what happens
/// meanwhile shares the next one, so that a storm of connects is no storm of lists. Without open
/// sockets nothing is published.
///
/// Thread: the chat's home shard; the verbs that take `from`, and `close`, on any.
/// Limits: it knows the server's connections and the room's members, no more.
class RelayCoordinator final : public RosterListener, private SocketIdentities::Connections {
public:
    /// Becomes a listener of `chat`. Requires: before `chat` loads.
    RelayCoordinator(runtime::ShardGroup& shards, hub::Hub& home, ChatApp& chat);
    RelayCoordinator(const RelayCoordinator&) = delete;
    RelayCoordinator& operator=(const RelayCoordinator&) = delete;

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
    [[nodiscard]] runtime::Task<void> register_user(ShardId from, User user, std::string peer);

    struct Decision {
        enum class Action : std::uint8_t { kRelay, kDrop } action = Action::kDrop;
        /// Who said it, for other endpoints: the member whose socket it is. Without an id nobody
        /// knows: then the name is what the frame says, one that is nobody's and like nobody's.
        User author{};
        /// Whose the socket is for good; while this holds, frames of theirs need no decision.
        std::optional<User> bound{};
    };
    /// A frame on `socket` that says it is from `assertion`.
    [[nodiscard]] runtime::Task<Decision> decide(ShardId from, RelaySocketId socket,
                                                 Assertion assertion);
    /// A frame says that `assertion` leaves. Whose the socket is after it; what else comes of it is
    /// told by the next list, or not at all.
    [[nodiscard]] runtime::Task<std::optional<User>> exit(ShardId from, RelaySocketId socket,
                                                          Assertion assertion);
    /// The list as it is now.
    [[nodiscard]] runtime::Task<RosterText> roster(ShardId from);

private:
    using OpenDone = std::move_only_function<void(Result<Welcome>)>;
    struct Opening {
        RelaySocketId socket;
        OpenDone done;
    };
    using MemberIndex = std::map<std::string_view, const Member*, std::less<>>;

    // RosterListener.
    void on_roster_changed(const RoomName& room) override;
    // SocketIdentities::Connections.
    void on_attached(SocketIdentities::AttachmentRef attachment) override;
    void on_detached(SocketIdentities::Attachment& attachment) override;

    [[nodiscard]] runtime::Task<void> connect(SocketIdentities::AttachmentRef attachment);
    [[nodiscard]] runtime::Task<void> leave(std::string user_id,
                                            SocketIdentities::AttachmentRef attachment);
    [[nodiscard]] Decision decide_now(RelaySocketId socket, const Assertion& assertion);
    [[nodiscard]] std::optional<User> leave_if_allowed(RelaySocketId socket,
                                                       const Assertion& assertion);
    [[nodiscard]] std::optional<User> bound_user(RelaySocketId socket) const;

    [[nodiscard]] Decision drop(RelaySocketId socket) const;

    /// The first member whom a part of the assertion names; null: there is none.
    [[nodiscard]] const Member* find(const Assertion& assertion) const;
    [[nodiscard]] const Member* find_by_id(const std::string& id) const;
    [[nodiscard]] const Member* find_by_name(const std::string& name) const;
    /// Whether the assertion says nothing but that it is from this member, who is here for the
    /// relay to speak for: without a token, and not on the way out.
    [[nodiscard]] bool may_be_from(const Assertion& assertion, const Member& member) const;
    /// Takes the members as they are, and sees whether there is something to tell.
    void refresh();
    /// Somebody has come or gone.
    [[nodiscard]] bool is_news(const std::vector<Member>& members) const;
    void index_members();

    void request_list();
    void publish_list();
    /// The list as the members are known now; written once for each change of them.
    [[nodiscard]] RosterText list_text();
    void on_published(hub::Cursor cursor, const RosterText& text, std::vector<Opening> openings,
                      Result<hub::Receipts> receipts);

    // Constant after construction.
    runtime::ShardGroup& shards_;
    hub::Hub& owner_;
    ChatApp& chat_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    SocketIdentities identities_{*this};
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

}  // namespace howl::compat::chat
