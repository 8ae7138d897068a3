// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <any>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <variant>
#include <vector>

namespace howl::products {

/// Where a product keeps its records.
enum class StoreChoice : std::uint8_t {
    kEmbedded,  ///< Beside the events, in the data directory.
    kDynamoDb,
};

/// The settings of all products, each product's in a type of its own, so that nobody needs to know
/// them all:
///
/// ```
///   config.of<chat::ChatSettings>().leave_grace = 5s;
/// ```
/// A type that nobody has changed has its defaults.
class ProductSettings {
public:
    template <class T>
    [[nodiscard]] const T& of() const {
        static const T kDefaults{};
        const auto found = values_.find(typeid(T));
        return found == values_.end() ? kDefaults : *std::any_cast<T>(&found->second);
    }
    template <class T>
    [[nodiscard]] T& of() {
        auto& value = values_[typeid(T)];
        if (!value.has_value()) {
            value.emplace<T>();
        }
        return *std::any_cast<T>(&value);
    }

private:
    std::map<std::type_index, std::any> values_;
};

using SettingValue = std::variant<bool, std::uint64_t, std::chrono::milliseconds, std::string,
                                  std::vector<std::string>, StoreChoice>;

/// One setting of a section: how it is called, what it means, where its value is. The default is
/// the member's. A list of texts under the key `allowed_origins` has to be of origins.
struct SettingRow {
    std::string_view key;
    std::string_view documentation;
    std::function<SettingValue(const ProductSettings&)> get;
    std::function<void(ProductSettings&, SettingValue)> set;
    struct Range {
        SettingValue least;
        SettingValue most;
    };
    std::optional<Range> range{};  ///< Of a number or a duration: with which the product serves.
};

/// A section of the configuration file, `[chat]`.
struct SettingsSection {
    std::string_view name;
    std::string_view documentation;
    std::vector<SettingRow> rows;
    /// Sections stand in the order of the products; those about the node stand last.
    enum class Place : std::uint8_t { kOfProduct, kLast } place = Place::kOfProduct;
};

/// A text, a list of them, a choice, or a yes or no.
template <class T, class Value>
[[nodiscard]] SettingRow setting(std::string_view key, Value T::* member,
                                 std::string_view documentation) {
    return {key, documentation,
            [member](const ProductSettings& all) { return SettingValue{all.of<T>().*member}; },
            [member](ProductSettings& all, SettingValue value) {
                all.of<T>().*member = std::get<Value>(std::move(value));
            }};
}

/// A number or a duration. It has a range, since no product serves with any.
template <class T, class Value>
[[nodiscard]] SettingRow number(std::string_view key, Value T::* member,
                                std::type_identity_t<Value> least, std::type_identity_t<Value> most,
                                std::string_view documentation) {
    auto row = setting(key, member, documentation);
    row.range = {SettingValue{least}, SettingValue{most}};
    return row;
}

}  // namespace howl::products
