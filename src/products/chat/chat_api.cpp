// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_api.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "products/chat/chat_json.hpp"
#include "products/chat/chat_session.hpp"
#include "products/chat/history.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"

namespace howl::products::chat {

namespace json = boost::json;
using codec::http::Method;
using codec::http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

Result<ChatApp::RosterQuery> roster_query_of(const Exchange& exchange) {
    HOWL_TRY(room, parse_room(exchange.wildcard));
    HOWL_TRY(after, query_number(exchange.request, "after", 0, 0, INT64_MAX));
    return ChatApp::RosterQuery{.room = std::move(room),
                                .after = WallTime{std::chrono::milliseconds{after}}};
}

Task<Result<Reply>> show_members(Exchange& exchange, ChatApp& app) {
    HOWL_CO_TRY(query, roster_query_of(exchange));
    json::object out{{"room", query.room.value()}};
    const auto roster = co_await app.roster(exchange.hub().shard_id(), std::move(query));
    out["members"] = json_of(roster.members);
    if (roster.later == ChatApp::Roster::Later::kSome) {
        out["next"] = roster.members.back().since.time_since_epoch().count();
    }
    co_return Response::json(200, json::serialize(out));
}

Result<HistoryQuery> query_of(const Exchange& exchange) {
    HOWL_TRY(room, parse_room(exchange.wildcard));
    HOWL_TRY(before, query_number(exchange.request, "before", kBeforeNothing.value(), 0,
                                  kBeforeNothing.value()));
    HOWL_TRY(limit, query_number(exchange.request, "limit", kHistoryLimit, 1, kHistoryLimitMax));
    return HistoryQuery{.room = std::move(room), .before = Offset{before}, .limit = limit};
}

Task<Result<Reply>> show_messages(Exchange& exchange) {
    HOWL_CO_TRY(query, query_of(exchange));
    HOWL_CO_TRY(page, co_await messages_of(exchange.hub(), exchange.principal, query));
    json::object out{{"room", query.room.value()}};
    add_page(out, page);
    co_return Response::json(200, json::serialize(out));
}

/// What stands in `ROOM/names/NAME`.
struct NameQuestion {
    RoomName room;
    std::string name;
};

/// Errors: `kNotFound` for any other path, `kInvalidTopic`, `kInvalidUtf8`.
Result<NameQuestion> question_of(std::string_view wildcard) {
    constexpr std::string_view kNames = "/names/";
    const auto at = wildcard.find(kNames);
    if (at == std::string_view::npos) {
        return fail(Errc::kNotFound, "chat");
    }
    HOWL_TRY(room, parse_room(wildcard.substr(0, at)));
    const auto name = wildcard.substr(at + kNames.size());
    if (!is_valid_utf8(name)) {
        return fail(Errc::kInvalidUtf8, "chat");
    }
    return NameQuestion{std::move(room), std::string{name}};
}

std::string_view verdict_of(const ChatApp::NameCheck& check) {
    if (!check.refusal) {
        return "free";
    }
    switch (*check.refusal) {
        case Errc::kNameTaken:
            return "taken";
        case Errc::kNameReserved:
            return "reserved";
        case Errc::kNameConfusable:
            return "confusable";
        default:
            return "invalid";  // The one refusal that is left.
    }
}

Task<Result<Reply>> answer_name_check(Exchange& exchange, ChatApp& app) {
    HOWL_CO_TRY(question, question_of(exchange.wildcard));
    const auto check =
        co_await app.check_name(exchange.hub().shard_id(), question.room, question.name);
    co_return Response::json(200, json::serialize(json::object{
                                      {"name", question.name},
                                      {"verdict", verdict_of(check)},
                                      {"suggestion", check.suggestion},
                                  }));
}

}  // namespace

ChatApi::ChatApi(runtime::ShardGroup& shards, ChatApp& app)
    : shards_(shards), app_(app), sessions_(shards.size()) {
    app_.add_listener(*this);
}

void ChatApi::on_gone(const RoomName& /*room*/, const User& user) {
    for (std::uint32_t shard = 0; shard < sessions_.size(); ++shard) {
        auto end = [this, shard, id = user.id] { sessions_[shard].end_all(id); };
        shards_.post(ShardId{shard}, std::move(end));
    }
}

Result<Reply> ChatApi::open_socket(const Exchange& exchange) {
    HOWL_TRY(room, parse_room(exchange.wildcard));
    auto& sessions = sessions_[exchange.hub().shard_id().value()];
    return transport::WebSocketReply{std::make_unique<ChatSession>(
        exchange.sessions, app_, sessions, std::move(room), publisher_at(exchange.peer))};
}

void ChatApi::add_routes(transport::Router& router,
                         const transport::ResponsePolicy& response_policy) {
    const auto members = [this](Exchange& exchange) { return show_members(exchange, app_); };
    const auto messages = [](Exchange& exchange) { return show_messages(exchange); };
    const auto socket = [this](Exchange& exchange) {
        return transport::ready(open_socket(exchange));
    };
    const auto names = [this](Exchange& exchange) { return answer_name_check(exchange, app_); };
    router.add(Method::kGet, "/api/chat/rooms/*/members", response_policy, members);
    router.add(Method::kGet, "/api/chat/rooms/*/messages", response_policy, messages);
    router.add_stream("/api/chat/rooms/*/ws", response_policy, socket);
    // A route has one `*`, so this one stands for `ROOM/names/NAME`.
    router.add(Method::kGet, "/api/chat/rooms/*", response_policy, names);
}

}  // namespace howl::products::chat
