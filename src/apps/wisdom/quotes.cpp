// SPDX-License-Identifier: Apache-2.0
#include "apps/wisdom/quotes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace howl::apps::wisdom {

Result<std::vector<std::string>> parse_quotes(std::string_view text) {
    constexpr std::size_t kQuoteBytesMax = 4096;
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* listed = object != nullptr ? object->if_contains("quotes") : nullptr;
    if (listed == nullptr || !listed->is_array()) {
        return fail(Errc::kInvalidConfig, "quotes", "expected {\"quotes\":[\"...\"]}");
    }
    std::vector<std::string> quotes;
    for (const auto& entry : listed->get_array()) {
        if (!entry.is_string() || entry.get_string().size() > kQuoteBytesMax) {
            return fail(Errc::kInvalidConfig, "quotes", "a quote is a text of at most 4096 bytes");
        }
        quotes.emplace_back(entry.get_string());
    }
    if (quotes.empty()) {
        return fail(Errc::kInvalidConfig, "quotes", "there is no quote");
    }
    return quotes;
}

}  // namespace howl::apps::wisdom
