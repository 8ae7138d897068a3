// SPDX-License-Identifier: Apache-2.0
#include "products/wisdom/quotes.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace howl::products::wisdom {

namespace json = boost::json;

namespace {

Result<std::vector<std::string>> texts_of(const json::value& listed) {
    constexpr std::size_t kQuoteBytesMax = 4096;
    std::vector<std::string> texts;
    if (!listed.is_array()) {
        return fail(Errc::kInvalidConfig, "quotes", "quotes of a language are a list of texts");
    }
    for (const auto& entry : listed.get_array()) {
        if (!entry.is_string() || entry.get_string().size() > kQuoteBytesMax) {
            return fail(Errc::kInvalidConfig, "quotes", "a quote is a text of at most 4096 bytes");
        }
        texts.emplace_back(entry.get_string());
    }
    if (texts.empty()) {
        return fail(Errc::kInvalidConfig, "quotes", "there is no quote");
    }
    return texts;
}

Result<Quotes> quotes_by_language(const json::object& languages) {
    Quotes quotes;
    for (const auto& [language, listed] : languages) {
        if (language != "ru" && language != "en") {
            return fail(Errc::kInvalidConfig, "quotes", "the languages are \"ru\" and \"en\"");
        }
        HOWL_TRY(texts, texts_of(listed));
        (language == "ru" ? quotes.russian : quotes.english) = std::move(texts);
    }
    if (quotes.russian.empty()) {
        quotes.russian = std::exchange(quotes.english, {});
    }
    if (quotes.russian.empty()) {
        return fail(Errc::kInvalidConfig, "quotes", "there is no quote");
    }
    return quotes;
}

}  // namespace

Result<Quotes> parse_quotes(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* listed = object != nullptr ? object->if_contains("quotes") : nullptr;
    if (listed == nullptr || (!listed->is_array() && !listed->is_object())) {
        return fail(Errc::kInvalidConfig, "quotes", "expected {\"quotes\":[\"...\"]}");
    }
    if (const auto* const languages = listed->if_object()) {
        return quotes_by_language(*languages);
    }
    HOWL_TRY(texts, texts_of(*listed));
    return Quotes{.russian = std::move(texts), .english = {}};
}

}  // namespace howl::products::wisdom
