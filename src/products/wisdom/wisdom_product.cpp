// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/file.hpp"
#include "products/on_shard.hpp"
#include "products/product.hpp"
#include "products/wisdom/quotes.hpp"
#include "products/wisdom/wisdom.hpp"

namespace howl::products::wisdom {

namespace {

using namespace std::chrono_literals;

/// Those of the file that the settings name, else the built-in ones.
Result<Quotes> quotes_of(const WisdomSettings& settings) {
    if (settings.quotes.empty()) {
        return parse_quotes(built_in_quotes());
    }
    HOWL_TRY(text, read_file(settings.quotes));
    return parse_quotes(text);
}

/// The ticker lives on the first shard.
class RunningWisdom final : public RunningProduct {
public:
    RunningWisdom(const Services& services, Quotes quotes)
        : shards_(services.shards),
          home_(*services.hubs.front()),
          ticker_(home_, random_, std::move(quotes), services.settings.of<WisdomSettings>().tick) {}

    Result<void> start() override {
        run_on(shards_, home_.shard_id(), [this] { ticker_.start(); });
        return {};
    }
    void begin_drain() override {
        run_on(shards_, home_.shard_id(), [this] { ticker_.stop(); });
    }

private:
    runtime::ShardGroup& shards_;
    hub::Hub& home_;
    SystemRandom random_;
    QuoteTicker ticker_;
};

class WisdomProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{"wisdom",
                 "Wolf wisdom: /wisdom/connect",
                 {number("tick", &WisdomSettings::tick, 10ms, 24h, "A quote goes out this often."),
                  number("idle_timeout", &WisdomSettings::idle_timeout, 10ms, 24h,
                         "A client that says nothing for this long is dropped."),
                  setting("quotes", &WisdomSettings::quotes,
                          "A JSON file {\"quotes\":{\"ru\":[\"...\"],\"en\":[\"...\"]}}, or "
                          "{\"quotes\":[\"...\"]} for everybody; empty: the built-in ones.")}}};
    }
    [[nodiscard]] std::vector<SettingFault> faults(const ProductSettings& settings) const override {
        const auto quotes = quotes_of(settings.of<WisdomSettings>());
        return quotes ? std::vector<SettingFault>{}
                      : std::vector<SettingFault>{{"wisdom.quotes", quotes.error()}};
    }
    [[nodiscard]] Topics topics(const ProductSettings& /*settings*/) const override {
        constexpr std::uint64_t kQuotesKept = 20;
        const hub::TopicPolicy kept{hub::Lane::kVolatile, {.count_max = kQuotesKept}};
        return {.rules = {{std::string{kTopic}, kept}, {std::string{kEnglishTopic}, kept}}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        HOWL_TRY(quotes, quotes_of(services.settings.of<WisdomSettings>()));
        return std::make_unique<RunningWisdom>(services, std::move(quotes));
    }
};

}  // namespace

const Product& product() {
    static const WisdomProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::wisdom
