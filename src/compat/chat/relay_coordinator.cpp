// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_coordinator.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "base/assert.hpp"

namespace howl::compat::chat {

using products::chat::json_of;
using products::chat::kLobby;
using products::chat::parse_nickname;
using runtime::Task;
using Attachment = SocketIdentities::Attachment;
using AttachmentRef = SocketIdentities::AttachmentRef;

namespace {

bool has_token(const Member& member) {
    return !member.token_hash.empty();
}

}  // namespace

const RoomName& relay_room() {
    static const RoomName kRoom{std::string{kLobby}};
    return kRoom;
}

const hub::TopicName& relay_topic() {
    static const hub::TopicName kTopic = *hub::TopicName::parse("howl:chat-relay/lobby");
    return kTopic;
}

std::string relay_list(const std::vector<Member>& members) {
    std::string out = "[";
    for (const auto& member : members) {
        const auto entry = boost::json::serialize(json_of(member.user));
        if (out.size() + entry.size() + 2 > kRelayRosterBytesMax) {
            break;
        }
        out += out.size() > 1 ? "," : "";
        out += entry;
    }
    return out + "]";
}

RelayCoordinator::RelayCoordinator(runtime::ShardGroup& shards, hub::Hub& home, ChatApp& chat)
    : shards_(shards), owner_(home), chat_(chat) {
    chat.add_listener(*this);
}

// --- The verbs, on any shard ---

Task<Result<RelayCoordinator::Welcome>> RelayCoordinator::open(ShardId from, std::string peer) {
    auto work = [this, peer = std::move(peer)](auto done) {
        openings_.push_back({identities_.open(peer), std::move(done)});
        request_list();
    };
    return shards_.call<Result<Welcome>>(from, owner_.shard_id(), std::move(work));
}

void RelayCoordinator::close(RelaySocketId socket) {
    shards_.post(owner_.shard_id(), [this, socket] { identities_.close(socket); });
}

Task<void> RelayCoordinator::register_user(ShardId from, User user, std::string peer) {
    struct Registered {};
    auto work = [this, user = std::move(user), peer = std::move(peer)](auto done) {
        identities_.reserve(user.id, peer);
        done(Registered{});
    };
    co_await shards_.call<Registered>(from, owner_.shard_id(), std::move(work));
}

Task<RelayCoordinator::Decision> RelayCoordinator::decide(ShardId from, RelaySocketId socket,
                                                          Assertion assertion) {
    auto work = [this, socket, assertion = std::move(assertion)](auto done) {
        done(decide_now(socket, assertion));
    };
    return shards_.call<Decision>(from, owner_.shard_id(), std::move(work));
}

Task<std::optional<User>> RelayCoordinator::exit(ShardId from, RelaySocketId socket,
                                                 Assertion assertion) {
    auto work = [this, socket, assertion = std::move(assertion)](auto done) {
        done(leave_if_allowed(socket, assertion));
    };
    return shards_.call<std::optional<User>>(from, owner_.shard_id(), std::move(work));
}

Task<RelayCoordinator::RosterText> RelayCoordinator::roster(ShardId from) {
    auto work = [this](auto done) {
        refresh();
        done(list_text());
    };
    return shards_.call<RosterText>(from, owner_.shard_id(), std::move(work));
}

// --- Who is who ---

RelayCoordinator::Decision RelayCoordinator::decide_now(RelaySocketId socket,
                                                        const Assertion& assertion) {
    here_.check();
    using enum Decision::Action;
    refresh();
    if (const Member* const member = find(assertion)) {
        const bool theirs =
            may_be_from(assertion, *member) &&
            identities_.bind(socket, member->user.id) == SocketIdentities::Verdict::kAccepted;
        return theirs ? Decision{kRelay, member->user, bound_user(socket)} : drop(socket);
    }
    if (!assertion.consistent ||
        (!assertion.name.empty() && chat_.refusal_now(relay_room(), assertion.name))) {
        return drop(socket);
    }
    const auto bound = bound_user(socket);
    return {kRelay, assertion.empty() && bound ? *bound : User{{}, assertion.name}, bound};
}

RelayCoordinator::Decision RelayCoordinator::drop(RelaySocketId socket) const {
    return {Decision::Action::kDrop, {}, bound_user(socket)};
}

std::optional<User> RelayCoordinator::leave_if_allowed(RelaySocketId socket,
                                                       const Assertion& assertion) {
    here_.check();
    refresh();
    const Member* const member = find(assertion);
    if (member != nullptr && may_be_from(assertion, *member)) {
        const auto& user_id = member->user.id;
        auto leaving = identities_.exit(socket, user_id);
        if (leaving.exit == SocketIdentities::Exit::kLeave) {
            leaving_.insert(user_id);
            owner_.shard().tasks().spawn("relay leave",
                                         leave(user_id, std::move(leaving.attachment)));
        }
    }
    return bound_user(socket);
}

std::optional<User> RelayCoordinator::bound_user(RelaySocketId socket) const {
    here_.check();
    // Until the connection is counted it may still be refused, so that each frame has a decision.
    const auto attachment = identities_.bound_attachment(socket);
    if (!attachment || attachment->state != Attachment::State::kConnected) {
        return std::nullopt;
    }
    const Member* const member = find_by_id(attachment->user_id);
    return member == nullptr ? std::nullopt : std::optional{member->user};
}

const Member* RelayCoordinator::find(const Assertion& assertion) const {
    const Member* const with_id = find_by_id(assertion.id);
    return with_id != nullptr ? with_id : find_by_name(assertion.name);
}

bool RelayCoordinator::may_be_from(const Assertion& assertion, const Member& member) const {
    const bool says_no_other = assertion.consistent &&
                               (assertion.id.empty() || find_by_id(assertion.id) == &member) &&
                               (assertion.name.empty() || find_by_name(assertion.name) == &member);
    return says_no_other && !has_token(member) && !leaving_.contains(member.user.id);
}

const Member* RelayCoordinator::find_by_id(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const Member* RelayCoordinator::find_by_name(const std::string& name) const {
    auto found = by_name_.find(name);
    if (found == by_name_.end() && !name.empty()) {
        // As somebody typed it who was registered with a cleaned name.
        if (const auto nickname = parse_nickname(name)) {
            found = by_name_.find(nickname->shown);
        }
    }
    return found == by_name_.end() ? nullptr : found->second;
}

void RelayCoordinator::on_attached(AttachmentRef attachment) {
    here_.check();
    owner_.shard().tasks().spawn("relay connect", connect(std::move(attachment)));
}

void RelayCoordinator::on_detached(Attachment& attachment) {
    here_.check();
    if (std::exchange(attachment.state, Attachment::State::kEnded) ==
        Attachment::State::kConnected) {
        chat_.disconnect(relay_room(), attachment.user_id);
    }
}

Task<void> RelayCoordinator::connect(AttachmentRef attachment) {
    const auto connected =
        co_await chat_.connect(owner_.shard_id(), relay_room(), attachment->user_id);
    if (!connected) {
        if (attachment->state == Attachment::State::kConnecting) {
            identities_.drop(attachment);
        }
        co_return;
    }
    if (attachment->state == Attachment::State::kEnded) {
        chat_.disconnect(relay_room(), attachment->user_id);
    } else {
        attachment->state = Attachment::State::kConnected;
    }
}

Task<void> RelayCoordinator::leave(std::string user_id, AttachmentRef attachment) {
    const auto left = co_await chat_.leave(owner_.shard_id(), relay_room(), user_id);
    leaving_.erase(user_id);
    if (!left && attachment) {
        on_detached(
            *attachment);  // The store did not take it; with its last connection the user goes.
    } else if (attachment) {
        attachment->state = Attachment::State::kEnded;
    }
}

// --- The list of members ---

void RelayCoordinator::on_roster_changed(const RoomName& room) {
    here_.check();
    known_ = room == relay_room() ? Members::kStale : known_;
    if (known_ == Members::kFresh || check_ == Check::kPosted || identities_.empty()) {
        return;
    }
    // A burst of changes is looked at once.
    check_ = Check::kPosted;
    owner_.shard().post([this] {
        check_ = Check::kNone;
        refresh();
    });
}

void RelayCoordinator::refresh() {
    here_.check();
    if (std::exchange(known_, Members::kFresh) == Members::kFresh) {
        return;
    }
    auto members = chat_.members_now(relay_room());
    const bool news = is_news(members);
    members_ = std::move(members);
    index_members();
    list_text_.reset();
    identities_.forget_users([this](const auto& id) { return !by_id_.contains(id); });
    if (news) {
        request_list();
    }
}

bool RelayCoordinator::is_news(const std::vector<Member>& members) const {
    const auto came = [this](const Member& member) { return !by_id_.contains(member.user.id); };
    if (std::ranges::any_of(members, came)) {
        return true;
    }
    std::set<std::string_view> here;
    for (const auto& member : members) {
        here.insert(member.user.id);
    }
    return std::ranges::any_of(
        members_, [&](const Member& member) { return !here.contains(member.user.id); });
}

void RelayCoordinator::index_members() {
    by_id_.clear();
    by_name_.clear();
    for (const auto& member : members_) {
        by_id_.emplace(member.user.id, &member);
        by_name_.emplace(member.user.name, &member);
    }
}

void RelayCoordinator::request_list() {
    here_.check();
    if (list_ != List::kNone) {
        list_ = List::kAnotherWanted;
    } else if (identities_.has_sockets()) {
        publish_list();
    }
}

void RelayCoordinator::publish_list() {
    list_ = List::kOnItsWay;
    refresh();
    list_ = List::kOnItsWay;  // What is news now is in this one.
    auto text = list_text();
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = relay_topic(), .content_type = "application/json", .data = *text});
    // A message behind this comes after the list, one before it is of no concern to a newcomer.
    auto done = [this, cursor = owner_.head(), text = std::move(text),
                 openings = std::exchange(openings_, {})](Result<hub::Receipts> receipts) mutable {
        on_published(std::move(cursor), text, std::move(openings), std::move(receipts));
    };
    owner_.gate().publish(access::kHowl, std::move(events), std::move(done));
}

void RelayCoordinator::on_published(hub::Cursor cursor, const RosterText& text,
                                    std::vector<Opening> openings, Result<hub::Receipts> receipts) {
    here_.check();
    for (auto& opening : openings) {
        if (receipts) {
            cursor.sequences.volatile_lane = receipts->front().event->sequence;
            opening.done(Welcome{opening.socket, text, cursor});
        } else {
            identities_.close(opening.socket);
            opening.done(std::unexpected(receipts.error()));
        }
    }
    if (std::exchange(list_, List::kNone) == List::kAnotherWanted) {
        request_list();
    }
}

RelayCoordinator::RosterText RelayCoordinator::list_text() {
    here_.check();
    if (list_text_ == nullptr) {
        list_text_ = std::make_shared<const std::string>(relay_list(members_));
    }
    return list_text_;
}

}  // namespace howl::compat::chat
