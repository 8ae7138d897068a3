// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_app.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "codec/sha256.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::products::chat {

using runtime::Task;

namespace {

std::vector<hub::NewEvent> announcement(std::string_view type, const Member& member) {
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = members_topic(RoomName{member.room}),
                      .type = std::string{type},
                      .content_type = "application/json",
                      .data = user_text(member.user)});
    return events;
}

/// A name that was stored is a name, whatever a newer Unicode says of it.
Nickname nickname_of(const Member& member) {
    auto name = parse_nickname(member.user.name);
    return name ? std::move(*name) : Nickname{member.user.name, member.user.name, member.user.name};
}

/// Tells who asked, unless they were told before that the outcome is unknown.
template <class T>
void complete(std::move_only_function<void(T)>& done, std::type_identity_t<T> outcome) {
    if (done) {
        std::exchange(done, nullptr)(std::move(outcome));
    }
}

/// Tells who asked of a doubt, see `RecordTable::OnDoubt`.
template <class T>
auto completer_of_uncertain(std::move_only_function<void(T)>& done) {
    return [&done](const Error& error) { complete(done, std::unexpected(error)); };
}

}  // namespace

/// What is known of a member beside the record. It is there from before the commit that makes the
/// record until behind the one that removes it, and never moves.
class ChatApp::Slot {
public:
    Slot(ChatApp& app, RoomName its_room, std::string id_of_user, Nickname its_name)
        : app_(app),
          room(std::move(its_room)),
          user_id(std::move(id_of_user)),
          name(std::move(its_name)),
          patience(app.owner_.shard().timers(), *this) {}

    [[nodiscard]] std::string id() const { return member_record_id(room, user_id); }

private:
    void give_up() {
        app_.begin_leave(room, user_id, [](const auto&) {
            // If it failed, the slot's patience has been armed again.
        });
    }

    // Constant after construction.
    ChatApp& app_;

public:
    const RoomName room;
    const std::string user_id;
    const Nickname name;
    // Shard-local state.
    std::size_t connections = 0;
    std::string token_hash;
    bool entering = false;  ///< The commit that makes the member is under way.
    bool arriving = false;  ///< The commit of the join is under way.
    bool leaving = false;   ///< The commit of the departure is under way.
    /// With nobody connected: how long the slot is kept.
    runtime::MemberTimer<Slot, &Slot::give_up> patience;
};

ChatApp::ChatApp(runtime::ShardGroup& shards, hub::Hub& home, hub::Store& store, Random& random,
                 ChatSettings settings)
    : owner_(shards, home),
      random_(random),
      settings_(settings),
      members_(home, store, std::string{kRecordKind}) {}

ChatApp::~ChatApp() = default;

Task<Result<void>> ChatApp::load() {
    auto loaded = co_await members_.load();
    if (!loaded) {
        co_return loaded;
    }
    std::vector<Slot*> nobodys;
    for (const auto& [id, entry] : members_.entries()) {
        const Member& member = entry.value;
        Slot& slot = add_slot(RoomName{member.room}, member.user.id, nickname_of(member));
        newest_since_ = std::max(newest_since_, member.since);
        if (member.token_hash.empty()) {
            nobodys.push_back(&slot);
            continue;
        }
        slot.token_hash = member.token_hash;
        by_token_hash_.emplace(slot.token_hash, &slot);
        expect_somebody(slot, settings_.name_lease);
    }
    co_await give_up_all(std::move(nobodys));
    co_return loaded;
}

Task<void> ChatApp::give_up_all(std::vector<Slot*> slots) {
    if (slots.empty()) {
        co_return;
    }
    struct Tried {};
    auto start = [this, &slots](auto done) {
        auto shared = std::make_shared<decltype(done)>(std::move(done));
        auto left = std::make_shared<std::size_t>(slots.size());
        for (Slot* const slot : slots) {
            // What the store does not take now is tried again later, as every departure.
            begin_leave(slot->room, slot->user_id, [shared, left](const auto&) {
                if (--*left == 0) {
                    std::move (*shared)(Tried{});
                }
            });
        }
    };
    static_cast<void>(co_await runtime::completion_of<Tried>(std::move(start)));
}

void ChatApp::stop() {
    stopped_ = true;
    for (const auto& [id, slot] : slots_) {
        slot->patience.disarm();
    }
}

// --- The verbs, on any shard ---

Task<Result<ChatApp::Membership>> ChatApp::join(ShardId from, RoomName room, std::string name) {
    auto work = [this, room = std::move(room), name = std::move(name)](
                    const hub::Cursor&, auto done) { begin_join(room, name, std::move(done)); };
    return owner_.ask<Result<Membership>>(from, std::move(work));
}

Task<Result<ChatApp::Membership>> ChatApp::rejoin(ShardId from, RoomName room, std::string token) {
    auto work = [this, room = std::move(room), token = std::move(token)](
                    const hub::Cursor&, auto done) { done(count_in(room, token)); };
    return owner_.ask<Result<Membership>>(from, std::move(work));
}

Task<Result<User>> ChatApp::reserve(ShardId from, RoomName room, std::string name) {
    auto work = [this, room = std::move(room), name = std::move(name)](
                    const hub::Cursor&, auto done) { begin_reserve(room, name, std::move(done)); };
    return owner_.ask<Result<User>>(from, std::move(work));
}

Task<Result<void>> ChatApp::connect(ShardId from, RoomName room, std::string user_id) {
    auto work = [this, room = std::move(room), user_id = std::move(user_id)](const hub::Cursor&,
                                                                             auto done) {
        begin_connect(room, user_id, std::move(done));
    };
    return owner_.ask<Result<void>>(from, std::move(work));
}

void ChatApp::disconnect(RoomName room, std::string user_id) {
    auto work = [this, room = std::move(room), user_id = std::move(user_id)] {
        count_out(room, user_id);
    };
    owner_.post(std::move(work));
}

Task<Result<void>> ChatApp::leave(ShardId from, RoomName room, std::string user_id) {
    auto work = [this, room = std::move(room), user_id = std::move(user_id)](
                    const hub::Cursor&, auto done) { begin_leave(room, user_id, std::move(done)); };
    return owner_.ask<Result<void>>(from, std::move(work));
}

Task<ChatApp::NameCheck> ChatApp::check_name(ShardId from, RoomName room, std::string name) {
    auto work = [this, room = std::move(room), name = std::move(name)](
                    const hub::Cursor&, auto done) { done(check_name_now(room, name)); };
    return owner_.ask<NameCheck>(from, std::move(work));
}

// --- Coming ---

void ChatApp::begin_join(const RoomName& room, const std::string& name,
                         Done<Result<Membership>> done) {
    here_.check();
    auto slot = claim(room, name);
    if (!slot) {
        done(std::unexpected(std::move(slot).error()));
        return;
    }
    auto member = new_member(**slot);
    auto token = fmt::format("{:016x}{:016x}", random_.next(), random_.next());
    member.token_hash = codec::sha256_hex(token);
    member.present = true;
    owner_.shard().tasks().spawn(
        "chat join", store_entry(**slot, std::move(member), std::move(token), std::move(done)));
}

Task<void> ChatApp::store_entry(Slot& slot, Member member, std::string token,
                                Done<Result<Membership>> done) {
    auto complete_uncertain = completer_of_uncertain(done);
    const auto stored =
        co_await members_.put(slot.id(), slot.room.value(), member, announcement("join", member),
                              std::move(complete_uncertain));
    if (!stored) {
        remove_slot(slot);
        complete(done, std::unexpected(stored.error()));
        co_return;
    }
    slot.entering = false;
    slot.token_hash = member.token_hash;
    by_token_hash_.emplace(slot.token_hash, &slot);
    say_changed(slot.room);
    if (!done) {
        expect_somebody(slot, settings_.leave_grace);  // Who entered was told that it failed.
        co_return;
    }
    slot.connections = 1;
    done(Membership{std::move(member.user), std::move(token)});
}

Result<ChatApp::Membership> ChatApp::count_in(const RoomName& room, const std::string& token) {
    here_.check();
    const auto found = by_token_hash_.find(codec::sha256_hex(token));
    if (found == by_token_hash_.end() || found->second->room != room || found->second->leaving) {
        return fail(Errc::kUnknownToken, "rejoin");
    }
    Slot& slot = *found->second;
    ++slot.connections;
    slot.patience.disarm();
    return Membership{{slot.user_id, slot.name.shown}, {}};
}

void ChatApp::begin_reserve(const RoomName& room, const std::string& name,
                            Done<Result<User>> done) {
    here_.check();
    auto slot = claim(room, name);
    if (!slot) {
        done(std::unexpected(std::move(slot).error()));
        return;
    }
    owner_.shard().tasks().spawn("chat reserve",
                                 store_reservation(**slot, new_member(**slot), std::move(done)));
}

Task<void> ChatApp::store_reservation(Slot& slot, Member member, Done<Result<User>> done) {
    auto complete_uncertain = completer_of_uncertain(done);
    const auto stored =
        co_await members_.put(slot.id(), slot.room.value(), member, announcement("reserve", member),
                              std::move(complete_uncertain));
    if (!stored) {
        remove_slot(slot);
        complete(done, std::unexpected(stored.error()));
        co_return;
    }
    slot.entering = false;
    expect_somebody(slot, settings_.leave_grace);
    say_changed(slot.room);
    complete(done, std::move(member.user));
}

void ChatApp::begin_connect(const RoomName& room, const std::string& user_id,
                            Done<Result<void>> done) {
    here_.check();
    const auto* const entry = members_.find(member_record_id(room, user_id));
    Slot* const slot = slot_of(room, user_id);
    if (entry == nullptr || slot == nullptr || slot->entering || slot->leaving) {
        done(fail(Errc::kNotFound, "connect"));
        return;
    }
    if (!slot->token_hash.empty()) {
        done(fail(Errc::kUnknownToken, "connect"));
        return;
    }
    ++slot->connections;
    slot->patience.disarm();
    if (entry->value.present || slot->arriving) {
        done({});
        return;
    }
    slot->arriving = true;
    Member member = entry->value;
    member.present = true;
    owner_.shard().tasks().spawn("chat connect",
                                 store_arrival(*slot, std::move(member), std::move(done)));
}

Task<void> ChatApp::store_arrival(Slot& slot, Member member, Done<Result<void>> done) {
    auto complete_uncertain = completer_of_uncertain(done);
    const RoomName room = slot.room;
    const std::string user_id = slot.user_id;
    const auto stored =
        co_await members_.put(slot.id(), room.value(), member, announcement("join", member),
                              std::move(complete_uncertain));
    Slot* const there = slot_of(room, user_id);
    if (there == nullptr) {  // They have left while the join was in doubt.
        complete(done, stored);
        co_return;
    }
    there->arriving = false;
    if (!stored || !done) {  // Failed, or whoever arrived was told so.
        --there->connections;
        expect_somebody(*there, settings_.leave_grace);
    }
    if (stored) {
        say_changed(room);
    }
    complete(done, stored);
}

// --- Going ---

void ChatApp::count_out(const RoomName& room, const std::string& user_id) {
    here_.check();
    Slot* const slot = slot_of(room, user_id);
    if (slot == nullptr) {
        return;  // Has left, with all its connections.
    }
    HOWL_ASSERT(slot->connections > 0);
    --slot->connections;
    expect_somebody(*slot, settings_.leave_grace);
}

void ChatApp::expect_somebody(Slot& slot, std::chrono::milliseconds wait) {
    here_.check();
    if (slot.connections == 0 && !slot.leaving && !stopped_) {
        slot.patience.arm(owner_.shard().now() + wait);
    }
}

void ChatApp::begin_leave(const RoomName& room, const std::string& user_id,
                          Done<Result<void>> done) {
    here_.check();
    Slot* const slot = slot_of(room, user_id);
    if (slot == nullptr || slot->entering || members_.find(slot->id()) == nullptr) {
        done(fail(Errc::kNotFound, "leave"));
        return;
    }
    if (slot->leaving) {
        done(fail(Errc::kBusy, "leave"));
        return;
    }
    slot->leaving = true;
    slot->patience.disarm();
    owner_.shard().tasks().spawn("chat leave", store_departure(*slot, std::move(done)));
}

Task<void> ChatApp::store_departure(Slot& slot, Done<Result<void>> done) {
    const Member member = members_.find(slot.id())->value;
    const bool overtakes_join = slot.arriving;
    auto complete_uncertain = completer_of_uncertain(done);
    const auto stored = co_await members_.remove(
        slot.id(), announcement(member.present ? "leave" : "release", member),
        std::move(complete_uncertain));
    if (stored) {
        const RoomName room = slot.room;
        remove_slot(slot);
        for (RosterListener* const listener : listeners_) {
            listener->on_gone(room, member.user);
        }
        say_changed(room);
        complete(done, {});
        co_return;
    }
    slot.leaving = false;
    if (overtakes_join && !slot.arriving && stored.error().code == Errc::kVersionConflict) {
        // The log took the join first, so that memory has followed it by now.
        begin_leave(slot.room, slot.user_id, std::move(done));
        co_return;
    }
    expect_somebody(slot, kRetryInterval);
    complete(done, std::unexpected(stored.error()));
}

// --- Slots and names ---

Result<ChatApp::Slot*> ChatApp::claim(const RoomName& room, const std::string& name) {
    HOWL_TRY(nickname, parse_nickname(name));
    if (const auto refusal = refusal_of(room, nickname)) {
        return fail(*refusal, "take a name");
    }
    const auto found = rooms_.find(room);
    if (found == rooms_.end() ? rooms_.size() >= settings_.rooms_max
                              : found->second.size() >= settings_.members_max) {
        return fail(Errc::kLimitReached, "take a name");
    }
    Slot& slot = add_slot(room, random_uuid_text(random_), std::move(nickname));
    slot.entering = true;
    return &slot;
}

ChatApp::Slot& ChatApp::add_slot(const RoomName& room, std::string user_id, Nickname name) {
    here_.check();
    rooms_[room].add(name);
    auto slot = std::make_unique<Slot>(*this, room, std::move(user_id), std::move(name));
    Slot& added = *slot;
    slots_.emplace(added.id(), std::move(slot));
    return added;
}

void ChatApp::remove_slot(Slot& slot) {
    here_.check();
    const auto room = rooms_.find(slot.room);
    room->second.remove(slot.name);
    if (room->second.size() == 0) {
        rooms_.erase(room);
    }
    by_token_hash_.erase(slot.token_hash);
    slots_.erase(slot.id());
}

ChatApp::Slot* ChatApp::slot_of(const RoomName& room, const std::string& user_id) const {
    here_.check();
    const auto found = slots_.find(member_record_id(room, user_id));
    return found == slots_.end() ? nullptr : found->second.get();
}

Member ChatApp::new_member(const Slot& slot) {
    const auto now = owner_.shard().clock().wall_now();
    newest_since_ = std::max(now, newest_since_ + std::chrono::milliseconds{1});
    return {
        .user = {slot.user_id, slot.name.shown}, .room = slot.room.value(), .since = newest_since_};
}

std::optional<Errc> ChatApp::refusal_of(const RoomName& room, const Nickname& name) const {
    here_.check();
    static const TakenNames kNobody;
    const auto found = rooms_.find(room);
    return (found == rooms_.end() ? kNobody : found->second).refusal_of(name);
}

std::optional<Errc> ChatApp::refusal_now(const RoomName& room, const std::string& name) const {
    const auto nickname = parse_nickname(name);
    return nickname ? refusal_of(room, *nickname) : nickname.error().code;
}

ChatApp::NameCheck ChatApp::check_name_now(const RoomName& room, const std::string& name) const {
    NameCheck check{.refusal = refusal_now(room, name), .suggestion = {}};
    if (check.refusal) {
        const auto is_free = [&](const Nickname& other) { return !refusal_of(room, other); };
        check.suggestion = suggest_nickname(name, is_free);
    }
    return check;
}

void ChatApp::say_changed(const RoomName& room) const {
    for (RosterListener* const listener : listeners_) {
        listener->on_roster_changed(room);
    }
}

}  // namespace howl::products::chat
