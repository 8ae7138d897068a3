// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_session.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "codec/json_text.hpp"
#include "codec/sha256.hpp"
#include "codec/websocket/frame.hpp"
#include "hub/output_memory.hpp"
#include "products/chat/chat_json.hpp"
#include "products/chat/member_sessions.hpp"
#include "products/chat/message.hpp"
#include "products/json.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"
#include "telemetry/metrics.hpp"

namespace howl::products::chat {

namespace json = boost::json;
namespace ws = codec::websocket;
using runtime::Task;

namespace {

const ChatEncoder kEncoder;

bool is_client_id(std::string_view text) {
    return !text.empty() && text.size() <= ChatSession::kClientIdBytesMax &&
           std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter <= '~'; });
}

/// Names the message among all of a user's, also for another connection. Hashed, because a key is
/// at most 64 bytes.
std::string idempotency_key(const User& user, std::string_view client_id) {
    constexpr std::size_t kDigits = 32;
    return codec::sha256_hex(fmt::format("{}\n{}", user.id, client_id)).substr(0, kDigits);
}

bool is_about_name(Errc code) {
    return code == Errc::kNameTaken || code == Errc::kNameInvalid || code == Errc::kNameReserved ||
           code == Errc::kNameConfusable;
}

/// A whole number where there is one. Errors: `kBadRequest` outside [`least`, `most`].
Result<std::optional<std::uint64_t>> number_in(const json::object& object, std::string_view member,
                                               std::int64_t least, std::int64_t most) {
    if (!object.contains(member)) {
        return std::nullopt;
    }
    const auto number = whole_number_in(object, member);
    if (!number || *number < least || *number > most) {
        return fail(Errc::kBadRequest, "chat");
    }
    return static_cast<std::uint64_t>(*number);
}

}  // namespace

struct ChatSession::Command {
    enum class Who : std::uint8_t { kNobodyYet, kMember };
    std::string_view type;
    Who who;
    void (ChatSession::*handle)(const Object&);
};

ChatSession::ChatSession(session::SessionGroup& sessions, ChatApp& app, MemberSessions& members,
                         RoomName room, PublisherId publisher)
    : sessions_(sessions),
      app_(app),
      members_(members),
      room_(std::move(room)),
      publisher_(std::move(publisher)),
      messages_(app.settings().messages_per_second),
      patience_(sessions.shard().timers(), *this) {}

void ChatSession::on_open(session::Session& stream) {
    here_.check();
    session_ = &stream;
    patience_.arm(sessions_.shard().now() + kRegisterTime);
}

void ChatSession::on_close(session::Session& /*stream*/) {
    here_.check();
    closed_ = true;
    patience_.disarm();
    waiting_.clear();
    if (user_) {
        members_.remove(user_->id, *this);
        app_.disconnect(room_, user_->id);
    }
}

void ChatSession::end() {
    here_.check();
    send_json({{"type", "left"}});
    session_->close_with(ws::kCloseNormal, {});
}

void ChatSession::give_up() {
    here_.check();
    telemetry::count(Errc::kRequestTimeout);
    session_->close(Errc::kRequestTimeout);
}

// --- What the client says ---

void ChatSession::on_message(session::Session& /*stream*/, session::MessageKind kind,
                             std::string_view message) {
    here_.check();
    if (kind != session::MessageKind::kText) {
        send_error(Errc::kUnsupportedData);
    } else if (!busy_) {
        handle(message);
    } else if (waiting_.size() < kWaitingMax &&
               waiting_bytes_ + message.size() <= kWaitingBytesMax) {
        waiting_.emplace_back(message);
        waiting_bytes_ += message.size();
    } else {
        const auto command = parse_object(message);
        send_error(Errc::kOverloaded, command ? string_in(*command, "id").value_or("") : "");
    }
}

void ChatSession::handle(std::string_view message) {
    using Who = Command::Who;
    static constexpr std::array<Command, 7> kCommands{{
        {"register", Who::kNobodyYet, &ChatSession::register_as},
        {"rejoin", Who::kNobodyYet, &ChatSession::rejoin},
        {"send", Who::kMember, &ChatSession::send},
        {"typing", Who::kMember, &ChatSession::type},
        {"history", Who::kMember, &ChatSession::history},
        {"leave", Who::kMember, &ChatSession::leave},
        {"ping", Who::kMember, &ChatSession::ping},
    }};
    const auto object = parse_object(message);
    if (!object) {
        send_error(object.error().code);
        return;
    }
    const auto* const command =
        std::ranges::find(kCommands, string_in(*object, "type"), &Command::type);
    if (command == kCommands.end()) {
        send_error(Errc::kBadRequest);
    } else if (command->who == Who::kMember && !user_) {
        send_error(Errc::kNotRegistered, string_in(*object, "id").value_or(""));
    } else if (command->who == Who::kNobodyYet && user_) {
        send_error(Errc::kIllegalState);
    } else {
        (this->*command->handle)(*object);
    }
}

void ChatSession::begin(Task<void> task) {
    here_.check();
    busy_ = true;
    sessions_.shard().tasks().spawn("chat session", std::move(task));
}

void ChatSession::go_on() {
    here_.check();
    busy_ = false;
    while (!busy_ && !waiting_.empty()) {
        const auto next = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= next.size();
        handle(next);
    }
}

// --- Becoming a member ---

void ChatSession::register_as(const Object& command) {
    if (const auto name = string_in(command, "name")) {
        begin(join(Ref{session_}, std::string{*name}));
    } else {
        send_error(Errc::kBadRequest);
    }
}

void ChatSession::rejoin(const Object& command) {
    const auto token = string_in(command, "token");
    if (!token) {
        send_error(Errc::kBadRequest);
        return;
    }
    std::optional<hub::Cursor> cursor;
    if (command.contains("cursor")) {
        auto parsed = hub::Cursor::parse(string_in(command, "cursor").value_or(""));
        if (!parsed) {
            send_error(parsed.error().code);
            return;
        }
        cursor = std::move(*parsed);
    }
    begin(rejoin_with_token(Ref{session_}, std::string{*token}, std::move(cursor)));
}

Task<void> ChatSession::join(Ref self, std::string name) {
    auto joined = co_await app_.join(hub().shard_id(), room_, name);
    if (!joined) {
        if (!closed_) {
            co_await refuse_name(self, std::move(joined).error(), std::move(name));
        }
    } else if (bind_identity(std::move(*joined))) {
        co_await show_room(self);
    }
    go_on();
}

Task<void> ChatSession::refuse_name(Ref self, Error error, std::string name) {
    static_cast<void>(self);
    if (!is_about_name(error.code) && error.code != Errc::kLimitReached) {
        send_error(error.code);
        co_return;
    }
    telemetry::count(error.code);
    Object refusal{{"type", "refused"}, {"code", error.entry().name}, {"name", name}};
    if (is_about_name(error.code)) {
        auto check = co_await app_.check_name(hub().shard_id(), room_, std::move(name));
        refusal["suggestion"] = check.suggestion;
    }
    send_json(refusal);
}

Task<void> ChatSession::rejoin_with_token(Ref self, std::string token,
                                          std::optional<hub::Cursor> cursor) {
    auto joined = co_await app_.rejoin(hub().shard_id(), room_, std::move(token));
    if (!joined) {
        telemetry::count(joined.error().code);
        send_json({{"type", "refused"}, {"code", joined.error().entry().name}});
    } else if (bind_identity(std::move(*joined))) {
        co_await go_on_from(self, std::move(cursor));
    }
    go_on();
}

Task<void> ChatSession::go_on_from(Ref self, std::optional<hub::Cursor> cursor) {
    auto start = [this, &cursor](auto done) {
        const std::array kept{messages_topic(room_), members_topic(room_)};
        hub().check_continuity(kept, *cursor, std::move(done));
    };
    using Continuity = hub::Sequencer::Continuity;
    if (cursor) {
        const auto found = co_await runtime::completion_of<Result<Continuity>>(std::move(start));
        if (closed_) {
            co_return;
        }
        if (found && *found == Continuity::kWhole) {
            send_json({{"type", "resumed"}});
            follow(std::move(*cursor));
            co_return;
        }
    }
    co_await show_room(self);
}

bool ChatSession::bind_identity(ChatApp::Membership membership) {
    if (closed_) {
        app_.disconnect(room_, std::move(membership.user.id));
        return false;
    }
    patience_.disarm();
    Object registered{
        {"type", "registered"}, {"room", room_.value()}, {"user", json_of(membership.user)}};
    if (!membership.token.empty()) {
        registered["token"] = membership.token;
    }
    user_ = std::move(membership.user);
    members_.add(user_->id, *this);
    send_json(registered);
    return true;
}

Task<void> ChatSession::show_room(Ref self) {
    static_cast<void>(self);
    const auto part_bytes_max =
        std::min(kSnapshotPartBytesMax, sessions_.settings().queue_bytes_max / 4);
    // Named, because g++ 12 moves a temporary aggregate beside `co_await` byte by byte.
    ChatApp::RosterQuery first{.room = room_, .bytes_max = part_bytes_max};
    const auto roster = co_await app_.roster(hub().shard_id(), std::move(first));
    if (closed_) {
        co_return;
    }
    HistoryQuery newest{
        .room = room_, .through = roster.cursor.sequences.durable, .bytes_max = part_bytes_max};
    const auto page = co_await messages_of(hub(), session_->principal(), std::move(newest));
    if (closed_) {
        co_return;
    }
    if (!page || !hub::OutputMemory::has_room()) {
        session_->close(page ? Errc::kOverloaded : page.error().code);
        co_return;
    }
    Object snapshot{{"type", "snapshot"},
                    {"cursor", roster.cursor.text()},
                    {"members", json_of(roster.members)}};
    if (roster.later == ChatApp::Roster::Later::kSome) {
        snapshot["moreMembers"] = true;
    }
    add_page(snapshot, *page);
    send_json(snapshot);
    follow(roster.cursor);
}

void ChatSession::follow(hub::Cursor cursor) {
    here_.check();
    const auto now = hub().head();
    cursor.epochs.volatile_lane = now.epochs.volatile_lane;
    cursor.sequences.volatile_lane = now.sequences.volatile_lane;
    session_->subscribe_or_close(
        {{messages_topic(room_), members_topic(room_), typing_topic(room_)},
         std::move(cursor),
         &kEncoder});
}

// --- A member's commands ---

Result<hub::NewEvent> ChatSession::event_of(const std::string& client_id, const Object& command) {
    const auto text = string_in(command, "text");
    if (!text || text->empty()) {
        return fail(Errc::kBadRequest, "send");
    }
    if (text->size() > app_.settings().message_bytes_max) {
        return fail(Errc::kMessageTooBig, "send");
    }
    const Message message{.author = *user_, .text = std::string{*text}, .client_id = client_id};
    hub::NewEvent event{.topic = messages_topic(room_),
                        .content_type = "application/json",
                        .data = message.data(),
                        .idempotency_key = idempotency_key(*user_, client_id),
                        .publisher = publisher_};
    HOWL_TRY_VOID(hub::check_new_event(event));
    if (!messages_.try_take(sessions_.shard().now())) {
        return fail(Errc::kRateLimited, "send");
    }
    if (unacknowledged_ >= kUnacknowledgedMax) {
        return fail(Errc::kOverloaded, "send");
    }
    return event;
}

void ChatSession::send(const Object& command) {
    const std::string client_id{string_in(command, "id").value_or("")};
    if (!is_client_id(client_id)) {
        send_error(Errc::kBadRequest);
        return;
    }
    auto event = event_of(client_id, command);
    if (!event) {
        send_error(event.error().code, client_id);
        return;
    }
    ++unacknowledged_;
    sessions_.shard().tasks().spawn("chat send",
                                    publish(Ref{session_}, std::move(*event), client_id));
}

Task<void> ChatSession::publish(Ref self, hub::NewEvent event, std::string client_id) {
    const auto receipt = co_await products::publish(hub(), self->principal(), std::move(event));
    --unacknowledged_;
    if (!receipt) {
        send_error(receipt.error().code, client_id);
        co_return;
    }
    const hub::Event& stored = *receipt->event;
    send_json({{"type", "ack"},
               {"id", client_id},
               {"offset", stored.offset.value()},
               {"epoch", hub().epochs()[stored.lane].value()},
               {"time", iso_time(stored.time)}});
}

void ChatSession::type(const Object& /*command*/) {
    const auto now = sessions_.shard().now();
    if (now < may_type_from_) {
        return;
    }
    may_type_from_ = now + kTypingInterval;
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = typing_topic(room_), .type = "typing", .data = user_text(*user_)});
    hub().gate().publish(session_->principal(), std::move(events), [](const auto&) {
        // A sign that does not come through is not missed.
    });
}

void ChatSession::history(const Object& command) {
    const auto before = number_in(command, "before", 0, INT64_MAX);
    const auto limit = number_in(command, "limit", 1, kHistoryLimitMax);
    if (!before || !limit) {
        send_error(Errc::kBadRequest);
        return;
    }
    HistoryQuery query{.room = room_, .limit = limit->value_or(kHistoryLimit)};
    Object reply{{"type", "history"}};
    if (*before) {
        query.before = Offset{**before};
        reply["before"] = **before;
    }
    begin(show_history(Ref{session_}, std::move(query), std::move(reply)));
}

Task<void> ChatSession::show_history(Ref self, HistoryQuery query, Object reply) {
    static_cast<void>(self);
    const auto page = co_await messages_of(hub(), session_->principal(), std::move(query));
    if (!page || !hub::OutputMemory::has_room()) {
        send_error(page ? Errc::kOverloaded : page.error().code);
    } else {
        add_page(reply, *page);
        send_json(reply);
    }
    go_on();
}

void ChatSession::leave(const Object& /*command*/) {
    begin(depart(Ref{session_}));
}

Task<void> ChatSession::depart(Ref self) {
    static_cast<void>(self);
    const auto left = co_await app_.leave(hub().shard_id(), room_, user_->id);
    if (!left && !closed_) {
        send_error(left.error().code);
    }
    go_on();  // Where it went well, `end` has closed the socket by now.
}

void ChatSession::ping(const Object& /*command*/) {
    send_json({{"type", "pong"}, {"time", iso_time(sessions_.shard().clock().wall_now())}});
}

// --- What the client hears ---

void ChatSession::send_json(const Object& message) {
    session_->send(codec::json_text(message));
}

void ChatSession::send_error(Errc code, std::string_view client_id) {
    telemetry::count(code);
    const auto& entry = entry_of(code);
    Object error{{"type", "error"}, {"code", entry.name}};
    if (!client_id.empty()) {
        error["id"] = client_id;
    }
    error["title"] = entry.text;
    send_json(error);
}

}  // namespace howl::products::chat
