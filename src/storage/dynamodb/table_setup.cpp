// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/table_setup.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "storage/dynamodb/requests.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

std::string_view text_of(const json::object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string_view{value->get_string()}
                                                  : std::string_view{};
}

/// The element of the array `member` whose `name_member` is `name`; null where there is none.
const json::object* element_of(const json::object& object, std::string_view member,
                               std::string_view name_member, std::string_view name) {
    const auto* const value = object.if_contains(member);
    const auto* const array = value == nullptr ? nullptr : value->if_array();
    if (array == nullptr) {
        return nullptr;
    }
    for (const auto& element : *array) {
        const auto* const candidate = element.if_object();
        if (candidate != nullptr && text_of(*candidate, name_member) == name) {
            return candidate;
        }
    }
    return nullptr;
}

/// True if `attribute` alone is the key, without a sort key.
bool is_hashed_by(const json::object& keyed, const std::string& attribute) {
    const auto* const schema = keyed.if_contains("KeySchema");
    return schema != nullptr && schema->is_array() && schema->get_array().size() == 1 &&
           element_of(keyed, "KeySchema", "AttributeName", attribute) != nullptr;
}

bool is_text(const json::object& description, const std::string& attribute) {
    const auto* const found =
        element_of(description, "AttributeDefinitions", "AttributeName", attribute);
    return found != nullptr && text_of(*found, "AttributeType") == "S";
}

const json::object* index_of(const Table& table, const json::object& description) {
    return element_of(description, "GlobalSecondaryIndexes", "IndexName", table.owner_index);
}

/// The description in an answer; an empty object where there is none.
const json::object& description_in(const json::object& answer) {
    static const json::object kNothing;
    const auto* const table = answer.if_contains("Table");
    return table != nullptr && table->is_object() ? table->get_object() : kNothing;
}

Error missing(const Table& table) {
    return {Errc::kInvalidConfig, "dynamodb",
            fmt::format("there is no table {}; make it with: howl store init", table.name)};
}

}  // namespace

Result<void> check_shape(const Table& table, const json::object& description) {
    const auto wrong = [&table](std::string what) {
        return fail(Errc::kInvalidConfig, "dynamodb",
                    fmt::format("table {} {}", table.name, std::move(what)));
    };
    if (!is_hashed_by(description, table.key_attribute) ||
        !is_text(description, table.key_attribute)) {
        return wrong(
            fmt::format("needs the key {} of type S and no sort key", table.key_attribute));
    }
    const auto* const index = index_of(table, description);
    if (index == nullptr) {
        return wrong(fmt::format("has no index {}", table.owner_index));
    }
    if (!is_hashed_by(*index, table.owner_attribute) ||
        !is_text(description, table.owner_attribute)) {
        return wrong(fmt::format("needs {} of type S as the key of its index {}, and no sort key",
                                 table.owner_attribute, table.owner_index));
    }
    const auto* const projection = index->if_contains("Projection");
    if (projection == nullptr || !projection->is_object() ||
        text_of(projection->get_object(), "ProjectionType") != "ALL") {
        return wrong(fmt::format("needs all attributes in its index {}", table.owner_index));
    }
    return {};
}

bool is_active(const Table& table, const json::object& description) {
    const auto* const index = index_of(table, description);
    return text_of(description, "TableStatus") == "ACTIVE" &&
           (index == nullptr || text_of(*index, "IndexStatus") == "ACTIVE");
}

void check_tables(Calls& calls, const Tables& tables,
                  std::move_only_function<void(Result<void>)> done) {
    struct Checks {
        std::size_t left;
        Result<void> outcome;
        std::move_only_function<void(Result<void>)> done;
        void end_one(Result<void> one) {
            if (outcome) {
                outcome = std::move(one);
            }
            if (--left == 0) {
                done(std::move(outcome));
            }
        }
    };
    auto checks =
        std::make_shared<Checks>(Checks{tables.by_kind().size() + 1, {}, std::move(done)});
    for (const auto& [kind, table] : tables.by_kind()) {
        calls.make("DescribeTable", describe_table_request(table), calls.deadline(),
                   [checks, &table](const Result<json::object>& answer) {
                       if (answer) {
                           checks->end_one(check_shape(table, description_in(*answer)));
                       } else if (answer.error().code == Errc::kNotFound) {
                           checks->end_one(std::unexpected(missing(table)));
                       } else {
                           checks->end_one(std::unexpected(answer.error()));
                       }
                   });
    }
    checks->end_one({});
}

void TableSetup::run(std::vector<Table> tables, Done done) {
    tables_ = std::move(tables);
    outcomes_.clear();
    done_ = std::move(done);
    next();
}

void TableSetup::next() {
    if (outcomes_.size() == tables_.size()) {
        std::exchange(done_, nullptr)(std::move(outcomes_));
        return;
    }
    const Table& table = tables_[outcomes_.size()];
    auto on_made = [this](const Result<json::object>& answer) {
        if (answer || answer.error().code == Errc::kBusy) {
            await_active(answer ? Fate::kMade : Fate::kFound, clock_.steady_now() + kActiveTime);
        } else {
            finish(answer.error());
        }
    };
    calls_.make("CreateTable", create_table_request(table), clock_.steady_now() + kAskTime,
                std::move(on_made));
}

void TableSetup::await_active(Fate fate, SteadyTime deadline) {
    const Table& table = tables_[outcomes_.size()];
    auto on_described = [this, &table, fate, deadline](const Result<json::object>& answer) {
        // A new table may be unknown for a moment where the question is answered.
        if (!answer && answer.error().code != Errc::kNotFound) {
            finish(answer.error());
        } else if (answer && is_active(table, description_in(*answer))) {
            if (auto sound = check_shape(table, description_in(*answer)); !sound) {
                finish(std::move(sound).error());
                return;
            }
            outcomes_.push_back({table.name, fate});
            next();
        } else if (calls_.is_over(deadline)) {
            finish({Errc::kStorageFailed, "dynamodb",
                    fmt::format("table {} is not active yet", table.name)});
        } else {
            loop_.after(kLookEvery, [this, fate, deadline] { await_active(fate, deadline); });
        }
    };
    calls_.make("DescribeTable", describe_table_request(table), clock_.steady_now() + kAskTime,
                std::move(on_described));
}

void TableSetup::finish(Error error) {
    std::exchange(done_, nullptr)(std::unexpected(std::move(error)));
}

}  // namespace howl::storage::dynamodb
