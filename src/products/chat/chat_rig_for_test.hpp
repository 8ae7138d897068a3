// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "products/chat/chat_app.hpp"
#include "products/json.hpp"
#include "products/product_rig_for_test.hpp"

namespace howl::products::chat {

/// `ok`, or the name of the error.
template <class T>
std::string word_of(const Result<T>& result) {
    return std::string{result ? "ok" : result.error().entry().name};
}

/// A chat on a node in memory; all that is asked is about the lobby.
class ChatRig : public ProductRig {
public:
    using Membership = ChatApp::Membership;

    explicit ChatRig(ChatSettings settings = {})
        : ProductRig({{"howl:chat-typing/*", {hub::Lane::kVolatile, {.count_max = 1}}},
                      {"*", {hub::Lane::kDurable, {.count_max = 100'000}}}}),
          settings_(settings) {
        start();
    }
    ~ChatRig() { end(); }
    ChatRig(const ChatRig&) = delete;
    ChatRig& operator=(const ChatRig&) = delete;

    /// What is stored stays.
    void restart() {
        end();
        start();
    }
    void end() {
        app_->stop();
        settle();
        app_.reset();
    }
    void start() {
        app_ = std::make_unique<ChatApp>(shards, home(), store, random, settings_);
        for (RosterListener* const listener : listeners) {
            app_->add_listener(*listener);
        }
        HOWL_ASSERT(result_of(app_->load()).has_value());
    }

    [[nodiscard]] auto begin_join(std::string name, const RoomName& room = kRoom) {
        return begin(app_->join(kElsewhere, room, std::move(name)));
    }
    [[nodiscard]] auto begin_rejoin(std::string token) {
        return begin(app_->rejoin(kElsewhere, kRoom, std::move(token)));
    }
    [[nodiscard]] auto begin_connect(const User& user) {
        return begin(app_->connect(kElsewhere, kRoom, user.id));
    }
    [[nodiscard]] auto begin_leave(const User& user) {
        return begin(app_->leave(kElsewhere, kRoom, user.id));
    }
    [[nodiscard]] Result<Membership> join(std::string name, const RoomName& room = kRoom) {
        return result_of(app_->join(kElsewhere, room, std::move(name)));
    }
    [[nodiscard]] Result<Membership> rejoin(std::string token, const RoomName& room = kRoom) {
        return result_of(app_->rejoin(kElsewhere, room, std::move(token)));
    }
    [[nodiscard]] Result<User> reserve(std::string name) {
        return result_of(app_->reserve(kElsewhere, kRoom, std::move(name)));
    }
    [[nodiscard]] Result<void> connect(const User& user) {
        return result_of(app_->connect(kElsewhere, kRoom, user.id));
    }
    void disconnect(const User& user) {
        app_->disconnect(kRoom, user.id);
        settle();
    }
    [[nodiscard]] Result<void> leave(const User& user) {
        return result_of(app_->leave(kElsewhere, kRoom, user.id));
    }
    /// `free`, or the name of the error and, behind it, the suggestion.
    [[nodiscard]] std::string check_name(std::string name) {
        const auto check = result_of(app_->check_name(kElsewhere, kRoom, std::move(name)));
        return check.refusal ? fmt::format("{} {}", entry_of(*check.refusal).name, check.suggestion)
                             : "free";
    }
    [[nodiscard]] ChatApp::Roster roster() { return roster({.room = kRoom}); }
    [[nodiscard]] ChatApp::Roster roster(ChatApp::RosterQuery query) {
        return result_of(app_->roster(kElsewhere, std::move(query)));
    }
    /// The names; in brackets those that are reserved only.
    [[nodiscard]] std::vector<std::string> names() { return names_of(roster().members); }
    [[nodiscard]] static std::vector<std::string> names_of(const std::vector<Member>& members) {
        std::vector<std::string> names;
        for (const auto& member : members) {
            names.push_back(member.present ? member.user.name
                                           : fmt::format("({})", member.user.name));
        }
        return names;
    }
    /// `join Anna`: every event of the members topic.
    [[nodiscard]] std::vector<std::string> told() {
        std::vector<std::string> words;
        for (const auto& event : events(members_topic(kRoom).text())) {
            const auto user = parse_user(*parse_object(event->data));
            words.push_back(fmt::format("{} {}", event->type, user->name));
        }
        return words;
    }

    [[nodiscard]] ChatApp& app() { return *app_; }

    static inline const RoomName kRoom{std::string{kLobby}};
    std::vector<RosterListener*> listeners;  ///< Told of from the next start on.

private:
    const ChatSettings settings_;
    std::unique_ptr<ChatApp> app_;
};

}  // namespace howl::products::chat
