// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "hub/cursor.hpp"
#include "products/chat/chat_app.hpp"
#include "products/chat/history.hpp"
#include "products/chat/rate_limit.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"
#include "session/session.hpp"

namespace howl::products::chat {

class MemberSessions;

/// One socket of the chat's API (docs/API.md, "Chat"): nobody at first, then a member.
///
/// ```
///   (open) --register | rejoin--> member: follows the room, speaks --leave | close--> (ended)
/// ```
///
/// What the client says is done in the order in which it came: while a command waits for an answer
/// the next ones are queued. Only `send` does not wait, since the event log keeps the order.
///
/// Limits: the constants below. Reached: an `error`, and the socket stays; `kRegisterTime`: close
/// code 1001.
class ChatSession final : public session::Handler {
public:
    /// A socket that speaks for nobody holds a connection for nothing.
    static constexpr std::chrono::seconds kRegisterTime{30};
    /// `overloaded`.
    static constexpr std::size_t kWaitingMax = 64;
    static constexpr std::size_t kWaitingBytesMax = std::size_t{256} * 1024;
    static constexpr std::size_t kUnacknowledgedMax = 64;
    /// Silently: nobody misses a second sign of typing.
    static constexpr std::chrono::seconds kTypingInterval{1};
    /// `bad_request`.
    static constexpr std::size_t kClientIdBytesMax = 64;
    /// About, of members in a snapshot, and of messages as much again; at most a quarter of
    /// `limits.queue_bytes`, since it has to fit into a reader's queue. Reached: `moreMembers`, and
    /// REST has them all; `more`.
    static constexpr std::size_t kSnapshotPartBytesMax = kHistoryBytesMax;

    ChatSession(session::SessionGroup& sessions, ChatApp& app, MemberSessions& members,
                RoomName room, PublisherId publisher);

    void on_open(session::Session& stream) override;
    void on_message(session::Session& stream, session::MessageKind kind,
                    std::string_view message) override;
    void on_close(session::Session& stream) override;

    /// The member has left.
    void end();

private:
    using Object = boost::json::object;
    /// Keeps the stream, and with it this session, while a task goes on.
    using Ref = boost::intrusive_ptr<session::Session>;
    struct Command;

    void handle(std::string_view message);
    void register_as(const Object& command);
    void rejoin(const Object& command);
    void send(const Object& command);
    void type(const Object& command);
    void history(const Object& command);
    void leave(const Object& command);
    void ping(const Object& command);

    /// `task` is the one thing that is done now; what is said meanwhile waits.
    void begin(runtime::Task<void> task);
    void go_on();
    [[nodiscard]] runtime::Task<void> join(Ref self, std::string name);
    [[nodiscard]] runtime::Task<void> rejoin_with_token(Ref self, std::string token,
                                                        std::optional<hub::Cursor> cursor);
    [[nodiscard]] runtime::Task<void> refuse_name(Ref self, Error error, std::string name);
    /// Takes note of who this is. False: the socket has closed meanwhile.
    [[nodiscard]] bool bind_identity(ChatApp::Membership membership);
    /// What was missed since `cursor`, if all of it is kept, or else the room.
    [[nodiscard]] runtime::Task<void> go_on_from(Ref self, std::optional<hub::Cursor> cursor);
    [[nodiscard]] runtime::Task<void> show_room(Ref self);
    [[nodiscard]] runtime::Task<void> publish(Ref self, hub::NewEvent event, std::string client_id);
    /// Completes `reply` with what `query` finds.
    [[nodiscard]] runtime::Task<void> show_history(Ref self, HistoryQuery query, Object reply);
    [[nodiscard]] runtime::Task<void> depart(Ref self);

    [[nodiscard]] Result<hub::NewEvent> event_of(const std::string& client_id,
                                                 const Object& command);
    /// Goes on where `cursor` stands among messages and members; signs of typing are told as they
    /// come, since nobody wants to hear them later.
    void follow(hub::Cursor cursor);

    void send_json(const Object& message);
    void send_error(Errc code, std::string_view client_id = {});
    void give_up();
    [[nodiscard]] hub::Hub& hub() const { return sessions_.hub(); }

    // Constant after construction.
    session::SessionGroup& sessions_;
    ChatApp& app_;
    MemberSessions& members_;
    const RoomName room_;
    const PublisherId publisher_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    session::Session* session_ = nullptr;
    std::optional<User> user_;  ///< Who this is, once registered; counted by the app until closed.
    std::list<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::size_t unacknowledged_ = 0;
    RateLimit messages_;
    SteadyTime may_type_from_;
    bool busy_ = false;
    bool closed_ = false;
    runtime::MemberTimer<ChatSession, &ChatSession::give_up> patience_;
};

}  // namespace howl::products::chat
