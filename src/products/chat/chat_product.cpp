// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"
#include "products/chat/chat_api.hpp"
#include "products/chat/chat_app.hpp"
#include "products/chat/member.hpp"
#include "products/on_shard.hpp"
#include "products/product.hpp"

namespace howl::products::chat {

namespace {

using namespace std::chrono_literals;

/// The app lives on the last shard.
class RunningChat final : public RunningProduct {
public:
    explicit RunningChat(const Services& services)
        : services_(services),
          home_(*services.hubs.back()),
          app_(services.shards, home_, services.store(settings().store), random_, settings()),
          api_(services.shards, app_) {
        services.parts.offer(app_);
    }

    void add_api_routes(transport::Router& router) override {
        api_.add_routes(router, services_.response_policy);
    }
    Result<void> start() override {
        return complete_on(services_.shards, home_, [this] { return app_.load(); });
    }
    /// From here on nobody leaves because their connection has gone.
    void begin_drain() override {
        run_on(services_.shards, home_.shard_id(), [this] { app_.stop(); });
    }

private:
    [[nodiscard]] const ChatSettings& settings() const {
        return services_.settings.of<ChatSettings>();
    }

    const Services services_;
    hub::Hub& home_;
    SystemRandom random_;
    ChatApp app_;
    ChatApi api_;
};

Result<void> check(const hub::Record& record) {
    HOWL_TRY_VOID(Member::parse(record.data));
    return {};
}

StoreChoice store_of(const ProductSettings& settings) {
    return settings.of<ChatSettings>().store;
}

class ChatProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override;
    [[nodiscard]] Topics topics(const ProductSettings& settings) const override {
        constexpr std::uint64_t kComingsKept = 10'000;
        const auto& chat = settings.of<ChatSettings>();
        const hub::Retention messages{chat.history_count, chat.history_age};
        const hub::Retention comings{kComingsKept, chat.history_age};
        return {.rules = {{"howl:chat/*", {hub::Lane::kDurable, messages}},
                          {"howl:chat-members/*", {hub::Lane::kDurable, comings}},
                          {"howl:chat-typing/*", {hub::Lane::kVolatile, {.count_max = 1}}}},
                .ranks = {{"howl:chat*", hub::TopicRank::kUser}}};
    }
    [[nodiscard]] std::vector<RecordKind> records() const override {
        return {{.kind = kRecordKind, .check = &check, .store = &store_of}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningChat>(services);
    }
};

std::vector<SettingsSection> ChatProduct::settings() const {
    return {
        {"chat",
         "Chat: /api/chat and the door chat-relay",
         {number("leave_grace", &ChatSettings::leave_grace, 1ms, 24h,
                 "After the last connection of a member is gone, or a name was reserved: how long "
                 "until they leave."),
          number("name_lease", &ChatSettings::name_lease, 1ms, 24h,
                 "After a restart: how long the name of a member with a token waits for them. The "
                 "names of others are free at once."),
          number("members", &ChatSettings::members_max, 1, 1'000'000,
                 "Members of one room; then 409."),
          number("rooms", &ChatSettings::rooms_max, 1, 100'000, "Rooms with members; then 409."),
          number("message_bytes", &ChatSettings::message_bytes_max, 1, 60'000,
                 "Bytes of a message's text; then an error."),
          number("messages_per_second", &ChatSettings::messages_per_second, 1, 1'000'000,
                 "Messages of one connection in a second, twice as many in a burst; then an "
                 "error."),
          number("history_count", &ChatSettings::history_count, 0, 100'000'000,
                 "Messages kept of each room."),
          number("history_age", &ChatSettings::history_age, 1s, 24h * 36'500,
                 "How long they are kept."),
          setting("store", &ChatSettings::store,
                  "Where members are kept: 'embedded' (in data_dir) or 'dynamodb'.")}}};
}

}  // namespace

const Product& product() {
    static const ChatProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::chat
