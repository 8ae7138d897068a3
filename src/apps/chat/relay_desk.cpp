// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/relay_desk.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "base/assert.hpp"

namespace howl::apps::chat {

using runtime::Task;
using Hold = RelayBindings::Hold;
using HoldRef = RelayBindings::HoldRef;

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

RelayDesk::RelayDesk(runtime::ShardGroup& shards, hub::Hub& home, ChatApp& chat)
    : shards_(shards), home_(home), chat_(chat) {
    chat.add_listener(*this);
}

// --- The verbs, on any shard ---

Task<Result<RelayDesk::Welcome>> RelayDesk::open(ShardId from, std::string peer) {
    auto work = [this, peer = std::move(peer)](auto done) {
        openings_.push_back({bindings_.open(peer), std::move(done)});
        want_list();
    };
    return shards_.call<Result<Welcome>>(from, home_.shard_id(), std::move(work));
}

void RelayDesk::close(RelaySocketId socket) {
    shards_.post(home_.shard_id(), [this, socket] { bindings_.close(socket); });
}

Task<void> RelayDesk::introduce(ShardId from, User user, std::string peer) {
    struct Introduced {};
    auto work = [this, user = std::move(user), peer = std::move(peer)](auto done) {
        bindings_.reserve(user.id, peer);
        done(Introduced{});
    };
    co_await shards_.call<Introduced>(from, home_.shard_id(), std::move(work));
}

Task<RelayDesk::Decision> RelayDesk::decide(ShardId from, RelaySocketId socket, Claim claim) {
    auto work = [this, socket, claim = std::move(claim)](auto done) {
        done(decide_now(socket, claim));
    };
    return shards_.call<Decision>(from, home_.shard_id(), std::move(work));
}

Task<std::optional<User>> RelayDesk::exit(ShardId from, RelaySocketId socket, Claim claim) {
    auto work = [this, socket, claim = std::move(claim)](auto done) {
        done(let_exit(socket, claim));
    };
    return shards_.call<std::optional<User>>(from, home_.shard_id(), std::move(work));
}

Task<RelayDesk::RosterText> RelayDesk::roster(ShardId from) {
    auto work = [this](auto done) {
        refresh();
        done(list_text());
    };
    return shards_.call<RosterText>(from, home_.shard_id(), std::move(work));
}

// --- Who is who ---

RelayDesk::Decision RelayDesk::decide_now(RelaySocketId socket, const Claim& claim) {
    here_.check();
    using enum Decision::Action;
    refresh();
    if (const Member* const member = find(claim)) {
        const bool theirs =
            may_be_from(claim, *member) &&
            bindings_.bind(socket, member->user.id) == RelayBindings::Verdict::kTheirs;
        return theirs ? Decision{kRelay, member->user, bound_user(socket)} : drop(socket);
    }
    if (!claim.consistent || (!claim.name.empty() && chat_.refusal_now(relay_room(), claim.name))) {
        return drop(socket);
    }
    const auto bound = bound_user(socket);
    return {kRelay, claim.empty() && bound ? *bound : User{{}, claim.name}, bound};
}

RelayDesk::Decision RelayDesk::drop(RelaySocketId socket) const {
    return {Decision::Action::kDrop, {}, bound_user(socket)};
}

std::optional<User> RelayDesk::let_exit(RelaySocketId socket, const Claim& claim) {
    here_.check();
    refresh();
    const Member* const member = find(claim);
    if (member != nullptr && may_be_from(claim, *member)) {
        const auto& user_id = member->user.id;
        auto leaving = bindings_.exit(socket, user_id);
        if (leaving.exit == RelayBindings::Exit::kLeave) {
            leaving_.insert(user_id);
            home_.shard().tasks().spawn("relay leave", leave(user_id, std::move(leaving.hold)));
        }
    }
    return bound_user(socket);
}

std::optional<User> RelayDesk::bound_user(RelaySocketId socket) const {
    here_.check();
    // Until the connection is counted it may still be refused, so that each frame has a decision.
    const auto hold = bindings_.bound_hold(socket);
    if (!hold || hold->state != Hold::State::kConnected) {
        return std::nullopt;
    }
    const Member* const member = find_by_id(hold->user_id);
    return member == nullptr ? std::nullopt : std::optional{member->user};
}

const Member* RelayDesk::find(const Claim& claim) const {
    const Member* const with_id = find_by_id(claim.id);
    return with_id != nullptr ? with_id : find_by_name(claim.name);
}

bool RelayDesk::may_be_from(const Claim& claim, const Member& member) const {
    const bool says_no_other = claim.consistent &&
                               (claim.id.empty() || find_by_id(claim.id) == &member) &&
                               (claim.name.empty() || find_by_name(claim.name) == &member);
    return says_no_other && !has_token(member) && !leaving_.contains(member.user.id);
}

const Member* RelayDesk::find_by_id(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const Member* RelayDesk::find_by_name(const std::string& name) const {
    auto found = by_name_.find(name);
    if (found == by_name_.end() && !name.empty()) {
        // As somebody typed it who was registered with a cleaned name.
        if (const auto nickname = parse_nickname(name)) {
            found = by_name_.find(nickname->shown);
        }
    }
    return found == by_name_.end() ? nullptr : found->second;
}

void RelayDesk::on_hold(HoldRef hold) {
    here_.check();
    home_.shard().tasks().spawn("relay connect", connect(std::move(hold)));
}

void RelayDesk::on_let_go(Hold& hold) {
    here_.check();
    if (std::exchange(hold.state, Hold::State::kEnded) == Hold::State::kConnected) {
        chat_.disconnect(relay_room(), hold.user_id);
    }
}

Task<void> RelayDesk::connect(HoldRef hold) {
    const auto connected = co_await chat_.connect(home_.shard_id(), relay_room(), hold->user_id);
    if (!connected) {
        if (hold->state == Hold::State::kConnecting) {
            bindings_.drop(hold);
        }
        co_return;
    }
    if (hold->state == Hold::State::kEnded) {
        chat_.disconnect(relay_room(), hold->user_id);
    } else {
        hold->state = Hold::State::kConnected;
    }
}

Task<void> RelayDesk::leave(std::string user_id, HoldRef hold) {
    const auto left = co_await chat_.leave(home_.shard_id(), relay_room(), user_id);
    leaving_.erase(user_id);
    if (!left && hold) {
        on_let_go(*hold);  // The store did not take it; with its last connection the user goes.
    } else if (hold) {
        hold->state = Hold::State::kEnded;
    }
}

// --- The list of members ---

void RelayDesk::on_roster_changed(const RoomName& room) {
    here_.check();
    known_ = room == relay_room() ? Members::kStale : known_;
    if (known_ == Members::kFresh || check_ == Check::kPosted || bindings_.empty()) {
        return;
    }
    // A burst of changes is looked at once.
    check_ = Check::kPosted;
    home_.shard().post([this] {
        check_ = Check::kNone;
        refresh();
    });
}

void RelayDesk::refresh() {
    here_.check();
    if (std::exchange(known_, Members::kFresh) == Members::kFresh) {
        return;
    }
    auto members = chat_.members_now(relay_room());
    const bool news = is_news(members);
    members_ = std::move(members);
    index_members();
    list_text_.reset();
    bindings_.forget_users([this](const auto& id) { return !by_id_.contains(id); });
    if (news) {
        want_list();
    }
}

bool RelayDesk::is_news(const std::vector<Member>& members) const {
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

void RelayDesk::index_members() {
    by_id_.clear();
    by_name_.clear();
    for (const auto& member : members_) {
        by_id_.emplace(member.user.id, &member);
        by_name_.emplace(member.user.name, &member);
    }
}

void RelayDesk::want_list() {
    here_.check();
    if (list_ != List::kNone) {
        list_ = List::kAnotherWanted;
    } else if (bindings_.has_sockets()) {
        publish_list();
    }
}

void RelayDesk::publish_list() {
    list_ = List::kOnItsWay;
    refresh();
    list_ = List::kOnItsWay;  // What is news now is in this one.
    auto text = list_text();
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = relay_topic(), .content_type = "application/json", .data = *text});
    // A message behind this comes after the list, one before it is of no concern to a newcomer.
    auto done = [this, cursor = home_.head(), text = std::move(text),
                 openings = std::exchange(openings_, {})](Result<hub::Receipts> receipts) mutable {
        on_published(std::move(cursor), text, std::move(openings), std::move(receipts));
    };
    home_.gate().publish(access::kHowl, std::move(events), std::move(done));
}

void RelayDesk::on_published(hub::Cursor cursor, const RosterText& text,
                             std::vector<Opening> openings, Result<hub::Receipts> receipts) {
    here_.check();
    for (auto& opening : openings) {
        if (receipts) {
            cursor.sequences.ephemeral = receipts->front().event->sequence;
            opening.done(Welcome{opening.socket, text, cursor});
        } else {
            bindings_.close(opening.socket);
            opening.done(std::unexpected(receipts.error()));
        }
    }
    if (std::exchange(list_, List::kNone) == List::kAnotherWanted) {
        want_list();
    }
}

RelayDesk::RosterText RelayDesk::list_text() {
    here_.check();
    if (list_text_ == nullptr) {
        list_text_ = std::make_shared<const std::string>(relay_list(members_));
    }
    return list_text_;
}

}  // namespace howl::apps::chat
