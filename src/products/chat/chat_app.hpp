// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "products/chat/member.hpp"
#include "products/chat/taken_names.hpp"
#include "products/owner_shard.hpp"
#include "products/records.hpp"
#include "products/settings.hpp"
#include "runtime/shard.hpp"
#include "runtime/shard_group.hpp"

namespace howl::products::chat {

/// The kind of the members' records.
inline constexpr std::string_view kRecordKind = "chat.member";

struct ChatSettings {
    /// After its last connection is gone a member stays this long, so that a reload is no leaving.
    /// A name that was reserved waits as long for the first one.
    std::chrono::milliseconds leave_grace = std::chrono::seconds{5};
    /// After a start a member with a token has this long to come back. Without a token nobody could
    /// complete who comes back for the name.
    std::chrono::milliseconds name_lease = std::chrono::seconds{30};
    /// Members of one room, reservations included. Reached: `kLimitReached`.
    std::uint64_t members_max = 10'000;
    /// Rooms that have members. Reached: `kLimitReached`.
    std::uint64_t rooms_max = 1000;
    /// Bytes of a message's text. Reached: `kMessageTooBig`.
    std::uint64_t message_bytes_max = 8192;
    /// Messages of one connection in a second, twice as many in a burst. Reached: `kRateLimited`.
    std::uint64_t messages_per_second = 50;
    /// Messages kept of each room, and for how long.
    std::uint64_t history_count = 10'000;
    std::chrono::milliseconds history_age = std::chrono::hours{24 * 30};
    /// Where members are kept.
    StoreChoice store = StoreChoice::kEmbedded;
};

/// Hears of changes in who is where. Thread: the app's home shard.
class RosterListener {
public:
    virtual ~RosterListener() = default;
    /// After a reserve, join, leave or release was committed.
    virtual void on_roster_changed(const RoomName& room) { static_cast<void>(room); }
    /// Before that, where a member is gone: what is still connected in its name has to end.
    virtual void on_gone(const RoomName& room, const User& user) {
        static_cast<void>(room);
        static_cast<void>(user);
    }
};

/// The chat's rooms and members. Messages need no state, so they go from a member's shard straight
/// to the event log; who has which name is decided here.
///
/// ```
///   reserve -> (reserved) --connect--> (present) --last disconnect + grace, or leave--> gone
///   join   ---------------------------^    a reserved name without a connection: grace -> gone
/// ```
///
/// A member is one record, and each step is one commit of the record with its event, so that the
/// list of members is the fold of the members topic. A name counts as taken from before the commit
/// that takes it until behind the one that gives it up. A departure that the store does not take
/// now is tried again each second, unless somebody has connected meanwhile.
///
/// Thread: any shard calls the verbs that take `from`, and `disconnect`; the state lives on home.
class ChatApp {
public:
    ChatApp(runtime::ShardGroup& shards, hub::Hub& home, hub::Store& store, Random& random,
            ChatSettings settings);
    ~ChatApp();
    ChatApp(const ChatApp&) = delete;
    ChatApp& operator=(const ChatApp&) = delete;

    /// Reads the members. Who has a token gets a lease to come back within; who has none can't
    /// show who they are, so their names are given up at once. Thread: home.
    [[nodiscard]] runtime::Task<Result<void>> load();
    /// No timer fires from here on. Idempotent. Thread: home.
    void stop();
    /// Requires: before `load`. The listener outlives the app's work.
    void add_listener(RosterListener& listener) { listeners_.push_back(&listener); }

    struct Membership {
        User user;
        std::string token;  ///< A secret of 32 hexadecimal digits; empty where it was known.
    };
    /// A newcomer who is connected: takes the name, joins, counts one connection.
    /// Errors: those of `check_name`, `kLimitReached`, the store's.
    [[nodiscard]] runtime::Task<Result<Membership>> join(ShardId from, RoomName room,
                                                         std::string name);
    /// A member with a token comes (back), or opens one more tab: counts one connection.
    /// Errors: `kUnknownToken`, also for a member who is about to be gone.
    [[nodiscard]] runtime::Task<Result<Membership>> rejoin(ShardId from, RoomName room,
                                                           std::string token);
    /// Takes the name for somebody who is not connected yet (relay). Errors: as `join`.
    [[nodiscard]] runtime::Task<Result<User>> reserve(ShardId from, RoomName room,
                                                      std::string name);
    /// Somebody who reserved, or is here, has one more connection (relay).
    /// Errors: `kNotFound`; `kUnknownToken` for a member who has a token, whom only that can
    /// connect; the store's.
    [[nodiscard]] runtime::Task<Result<void>> connect(ShardId from, RoomName room,
                                                      std::string user_id);
    /// One connection less; of a member who has left meanwhile there is none. After the last one
    /// the grace begins. Requires: `join`, `rejoin` or `connect` has counted it. Thread: any
    /// shard.
    void disconnect(RoomName room, std::string user_id);
    /// Leaves at once, whatever connections there are. Errors: `kNotFound`; `kBusy` for a member
    /// who is leaving already; the store's.
    [[nodiscard]] runtime::Task<Result<void>> leave(ShardId from, RoomName room,
                                                    std::string user_id);

    /// What would become of a name now.
    struct NameCheck {
        /// `kNameTaken`, `kNameInvalid`, `kNameReserved`, `kNameConfusable`; nothing: it is free.
        std::optional<Errc> refusal;
        std::string suggestion;  ///< A free name like it; empty if it is free or none is found.
    };
    [[nodiscard]] runtime::Task<NameCheck> check_name(ShardId from, RoomName room,
                                                      std::string name);

    /// Members of `room`: those who came behind `after`, as many as take about `bytes_max` in an
    /// answer, one at least.
    struct RosterQuery {
        RoomName room;
        WallTime after = WallTime::min();
        std::size_t bytes_max = limits::kPageBytesMax;
    };
    struct Roster {
        std::vector<Member> members;  ///< By `since`, reservations included.
        enum class Later : std::uint8_t { kNone, kSome } later = Later::kNone;
        hub::Cursor cursor;  ///< Readers of the room's topics go on from here.
    };
    [[nodiscard]] runtime::Task<Roster> roster(ShardId from, RosterQuery query);
    /// All of them without a cursor, at once. Thread: home.
    [[nodiscard]] std::vector<Member> members_now(const RoomName& room) const;
    /// Why nobody may take `name` now, as `check_name` says it. Thread: home.
    [[nodiscard]] std::optional<Errc> refusal_now(const RoomName& room,
                                                  const std::string& name) const;

    [[nodiscard]] const ChatSettings& settings() const noexcept { return settings_; }
    /// Where the state lives.
    [[nodiscard]] hub::Hub& home() const noexcept { return owner_.hub(); }

private:
    class Slot;
    template <class T>
    using Done = std::move_only_function<void(T)>;

    static constexpr std::chrono::seconds kRetryInterval{1};

    void begin_join(const RoomName& room, const std::string& name, Done<Result<Membership>> done);
    void begin_reserve(const RoomName& room, const std::string& name, Done<Result<User>> done);
    void begin_connect(const RoomName& room, const std::string& user_id, Done<Result<void>> done);
    void begin_leave(const RoomName& room, const std::string& user_id, Done<Result<void>> done);
    /// Gives up the names of these slots, all at a time; completes when each is tried.
    [[nodiscard]] runtime::Task<void> give_up_all(std::vector<Slot*> slots);
    /// Each is one commit.
    [[nodiscard]] runtime::Task<void> store_entry(Slot& slot, Member member, std::string token,
                                                  Done<Result<Membership>> done);
    [[nodiscard]] runtime::Task<void> store_reservation(Slot& slot, Member member,
                                                        Done<Result<User>> done);
    [[nodiscard]] runtime::Task<void> store_arrival(Slot& slot, Member member,
                                                    Done<Result<void>> done);
    [[nodiscard]] runtime::Task<void> store_departure(Slot& slot, Done<Result<void>> done);
    [[nodiscard]] Result<Membership> count_in(const RoomName& room, const std::string& token);
    void count_out(const RoomName& room, const std::string& user_id);

    /// A slot for a newcomer. Errors: those of `check_name`, `kLimitReached`.
    [[nodiscard]] Result<Slot*> claim(const RoomName& room, const std::string& name);
    [[nodiscard]] Slot& add_slot(const RoomName& room, std::string user_id, Nickname name);
    void remove_slot(Slot& slot);
    [[nodiscard]] Slot* slot_of(const RoomName& room, const std::string& user_id) const;
    [[nodiscard]] Member new_member(const Slot& slot);
    [[nodiscard]] Roster roster_now(const RosterQuery& query) const;
    /// Those of a room who came behind `after`, the earliest first.
    [[nodiscard]] std::vector<const Member*> by_arrival(const RoomName& room, WallTime after) const;
    [[nodiscard]] NameCheck check_name_now(const RoomName& room, const std::string& name) const;
    [[nodiscard]] std::optional<Errc> refusal_of(const RoomName& room, const Nickname& name) const;
    /// A slot without connections is given up after `wait`.
    void expect_somebody(Slot& slot, std::chrono::milliseconds wait);
    void say_changed(const RoomName& room) const;

    // Constant after construction, and the listeners after `load`.
    OwnerShard owner_;
    Random& random_;
    const ChatSettings settings_;
    std::vector<RosterListener*> listeners_;
    // Shard-local state, on the home shard.
    [[no_unique_address]] runtime::ShardCheck here_;
    RecordTable<Member> members_;
    std::map<RoomName, TakenNames> rooms_;
    std::unordered_map<std::string, std::unique_ptr<Slot>> slots_;  ///< By id of the record.
    std::unordered_map<std::string, Slot*> by_token_hash_;
    WallTime newest_since_;
    bool stopped_ = false;
};

}  // namespace howl::products::chat
