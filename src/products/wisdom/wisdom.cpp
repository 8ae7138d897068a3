// SPDX-License-Identifier: Apache-2.0
#include "products/wisdom/wisdom.hpp"

#include <utility>

namespace howl::products::wisdom {

const hub::TopicName& russian_topic() {
    static const hub::TopicName kName = *hub::TopicName::parse(kTopic);
    return kName;
}

const hub::TopicName& english_topic() {
    static const hub::TopicName kName = *hub::TopicName::parse(kEnglishTopic);
    return kName;
}

QuoteTicker::QuoteTicker(hub::Hub& hub, Random& random, Quotes quotes,
                         std::chrono::milliseconds tick)
    : hub_(hub),
      random_(random),
      quotes_(std::move(quotes)),
      tick_(tick),
      timer_(hub.shard().timers(), *this) {}

void QuoteTicker::publish() {
    here_.check();
    const auto& russian = any_of(quotes_.russian);
    const auto& english = quotes_.english.empty() ? russian : any_of(quotes_.english);
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = russian_topic(), .data = russian});
    events.push_back({.topic = english_topic(), .data = english});
    hub_.gate().publish(access::kHowl, std::move(events), [](const auto&) {
        // A volatile topic has no disk that could fail.
    });
    timer_.arm(hub_.shard().now() + tick_);
}

const std::string& QuoteTicker::any_of(const std::vector<std::string>& quotes) {
    return quotes[random_.below(quotes.size())];
}

}  // namespace howl::products::wisdom
