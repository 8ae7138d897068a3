// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/consumer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "broker/kafka/consumer_client.hpp"

namespace howl::broker::kafka {
namespace {

Result<void> refuse(std::string_view topic, std::string_view why) {
    return fail(Errc::kInvalidConfig, "kafka source", fmt::format("topic '{}': {}", topic, why));
}

bool is_topic_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
}

Result<void> check_topic(std::string_view topic) {
    if (topic.empty() || topic.size() > Consumer::kTopicBytesMax ||
        !std::ranges::all_of(topic, is_topic_letter)) {
        return refuse(topic,
                      fmt::format("expected 1-{} of A-Z a-z 0-9 . _ -", Consumer::kTopicBytesMax));
    }
    return {};
}

}  // namespace

Result<void> check_source(const Source& source, std::span<const Source> all) {
    HOWL_TRY_VOID(check_topic(source.topic));
    if (std::ranges::count(all, source.topic, &Source::topic) > 1) {
        return refuse(source.topic, "it is a source twice");
    }
    if (!source.dead_letters.empty()) {
        HOWL_TRY_VOID(check_topic(source.dead_letters));
        if (std::ranges::count(all, source.dead_letters, &Source::topic) > 0) {
            return refuse(source.dead_letters, "dead letters can't go to a source");
        }
    }
    return {};
}

Result<std::unique_ptr<Consumer>> Consumer::create(const KafkaSettings& settings,
                                                   std::vector<Route> routes,
                                                   Dependencies dependencies) {
    std::vector<Source> sources;
    std::ranges::transform(routes, std::back_inserter(sources), &Route::source);
    for (const auto& source : sources) {
        HOWL_TRY_VOID(check_source(source, sources));
    }
    auto client = std::make_unique<Client>(settings, std::move(routes), std::move(dependencies));
    HOWL_TRY_VOID(client->open(settings));
    return std::unique_ptr<Consumer>{new Consumer{std::move(client)}};
}

Consumer::Consumer(std::unique_ptr<Client> client) : client_(std::move(client)) {}
Consumer::~Consumer() {
    stop();
}

void Consumer::start() {
    client_->start();
}

void Consumer::stop() {
    client_->stop();
}

bool Consumer::has_begun() const noexcept {
    return client_->has_begun();
}

}  // namespace howl::broker::kafka
