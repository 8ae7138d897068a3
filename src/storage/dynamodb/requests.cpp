// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/requests.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/dynamodb/attributes.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

json::object key_of(const Table& table, std::string_view id) {
    return {{table.key_attribute, text_attribute(id)}};
}

json::object on_item(const Table& table, std::string_view id) {
    return {{"TableName", table.name}, {"Key", key_of(table, id)}};
}

/// The names and values that the expressions of one request use.
class Expressions {
public:
    /// How an expression names the attribute.
    std::string name(std::string_view attribute) {
        auto placeholder = fmt::format("#{}", attribute);
        names_[placeholder] = attribute;
        return placeholder;
    }
    /// How an expression names the value.
    std::string value(std::string_view word, json::object value) {
        auto placeholder = fmt::format(":{}", word);
        values_[placeholder] = std::move(value);
        return placeholder;
    }
    /// DynamoDB refuses empty ones.
    void add_to(json::object& request) && {
        if (!names_.empty()) {
            request["ExpressionAttributeNames"] = std::move(names_);
        }
        if (!values_.empty()) {
            request["ExpressionAttributeValues"] = std::move(values_);
        }
    }

private:
    json::object names_;
    json::object values_;
};

/// True where the present version is `change.expected`, as `hub::check_version` says; an item of
/// another program has version 1.
std::string version_condition(const Table& table, const hub::RecordChange& change,
                              Expressions& use) {
    // Only names that the expression uses may be declared.
    if (change.expected == Version{0}) {
        return fmt::format("attribute_not_exists({}) OR attribute_exists({})",
                           use.name(table.key_attribute), use.name(attribute::kRemoved));
    }
    const auto version = use.name(attribute::kVersion);
    const auto expected = use.value("expected", number_attribute(change.expected.value()));
    auto condition = fmt::format("{} = {}", version, expected);
    if (change.expected == Version{1}) {
        condition += fmt::format(
            " OR (attribute_not_exists({}) AND attribute_exists({}) AND attribute_not_exists({}))",
            version, use.name(table.key_attribute), use.name(attribute::kRemoved));
    }
    return condition;
}

/// Collects the two halves of an update.
class Update {
public:
    Update(const Table& table, Expressions& use) : table_(table), use_(use) {}

    void set(std::string_view attribute, std::string_view word, json::object value) {
        const auto placeholder = use_.value(word, std::move(value));
        sets_.push_back(fmt::format("{} = {}", use_.name(attribute), placeholder));
    }
    void remove(std::string_view attribute) { removals_.push_back(use_.name(attribute)); }

    void put_record(const hub::RecordChange& change) {
        set(attribute::kVersion, "version", number_attribute(change.expected.value() + 1));
        set(attribute::kData, "data", bytes_attribute(*change.data));
        if (change.owner.empty()) {
            remove(table_.owner_attribute);  // An index takes no empty key.
        } else {
            set(table_.owner_attribute, "owner", text_attribute(change.owner));
        }
        auto shown = shown_attributes(table_, *change.data);
        for (const auto& member : table_.shown_members) {
            if (auto* const value = shown.if_contains(member)) {
                set(member, fmt::format("shown_{}", member), std::move(value->as_object()));
            } else {
                remove(member);
            }
        }
        remove(attribute::kRemoved);
    }
    void remove_record() {
        set(attribute::kRemoved, "removed", number_attribute(1));
        remove(attribute::kVersion);
        remove(attribute::kData);
        remove(table_.owner_attribute);
        for (const auto& member : table_.shown_members) {
            remove(member);
        }
    }
    void append_pending(const PendingCommit& commit) {
        const auto pending = use_.name(attribute::kPending);
        const auto none = use_.value("none", list_attribute({}));
        const auto events = use_.value("events", list_attribute(pending_list(commit)));
        sets_.push_back(
            fmt::format("{0} = list_append(if_not_exists({0}, {1}), {2})", pending, none, events));
    }

    [[nodiscard]] std::string text() const {
        auto out = fmt::format("SET {}", fmt::join(sets_, ", "));
        if (!removals_.empty()) {
            out += fmt::format(" REMOVE {}", fmt::join(removals_, ", "));
        }
        return out;
    }

private:
    const Table& table_;
    Expressions& use_;
    std::vector<std::string> sets_;
    std::vector<std::string> removals_;
};

std::string token_condition(std::string_view token, Expressions& use) {
    const auto name = use.name(attribute::kToken);
    return fmt::format("{} = {}", name, use.value("token", text_attribute(token)));
}

}  // namespace

json::object get_request(const Table& table, std::string_view id) {
    auto request = on_item(table, id);
    request["ConsistentRead"] = true;
    return request;
}

json::object commit_request(const Table& table, const hub::RecordChange& change,
                            const PendingCommit& commit) {
    Expressions use;
    Update update{table, use};
    update.set(attribute::kToken, "token", text_attribute(commit.token));
    if (change.data) {
        update.put_record(change);
    } else {
        update.remove_record();
    }
    if (!commit.events.empty()) {
        update.append_pending(commit);
    }
    auto request = on_item(table, change.key.id);
    request["ConditionExpression"] = version_condition(table, change, use);
    request["UpdateExpression"] = update.text();
    request["ReturnValues"] = "ALL_NEW";
    std::move(use).add_to(request);
    return request;
}

json::object clear_request(const Table& table, std::string_view id, std::string_view token) {
    Expressions use;
    auto request = on_item(table, id);
    request["ConditionExpression"] = token_condition(token, use);
    request["UpdateExpression"] = fmt::format("REMOVE {}", use.name(attribute::kPending));
    std::move(use).add_to(request);
    return request;
}

json::object bury_request(const Table& table, std::string_view id, std::string_view token) {
    Expressions use;
    auto request = on_item(table, id);
    request["ConditionExpression"] = fmt::format(
        "{} AND attribute_exists({})", token_condition(token, use), use.name(attribute::kRemoved));
    std::move(use).add_to(request);
    return request;
}

bool is_consistent(const hub::Store::Query& query) {
    return !query.owner || query.owner->empty();  // Nobody's records are in no index.
}

ListRequest list_request(const Table& table, const hub::Store::Query& query, Columns columns) {
    Expressions use;
    ListRequest out{"Scan", {{"TableName", table.name}}};
    auto filter = fmt::format("attribute_not_exists({})", use.name(attribute::kRemoved));
    if (is_consistent(query)) {
        out.body["ConsistentRead"] = true;
        if (query.owner) {
            filter += fmt::format(" AND attribute_not_exists({})", use.name(table.owner_attribute));
        }
    } else {
        out.operation = "Query";
        out.body["IndexName"] = table.owner_index;
        out.body["KeyConditionExpression"] =
            fmt::format("{} = {}", use.name(table.owner_attribute),
                        use.value("owner", text_attribute(*query.owner)));
    }
    if (columns == Columns::kWithoutData) {
        out.body["ProjectionExpression"] = fmt::format(
            "{}, {}, {}, {}", use.name(table.key_attribute), use.name(table.owner_attribute),
            use.name(attribute::kVersion), use.name(attribute::kPending));
    }
    out.body["FilterExpression"] = filter;
    std::move(use).add_to(out.body);
    return out;
}

ListRequest unresolved_request(const Table& table) {
    Expressions use;
    ListRequest out{"Scan", {{"TableName", table.name}, {"ConsistentRead", true}}};
    out.body["FilterExpression"] =
        fmt::format("attribute_exists({}) OR attribute_exists({})", use.name(attribute::kPending),
                    use.name(attribute::kRemoved));
    std::move(use).add_to(out.body);
    return out;
}

ListRequest everything_request(const Table& table) {
    return {"Scan", {{"TableName", table.name}, {"ConsistentRead", true}}};
}

json::object delete_request(const Table& table, std::string_view id) {
    return on_item(table, id);
}

json::object create_table_request(const Table& table) {
    const auto attribute = [](const std::string& name) {
        return json::object{{"AttributeName", name}, {"AttributeType", "S"}};
    };
    const auto hashed_by = [](const std::string& name) {
        return json::array{json::object{{"AttributeName", name}, {"KeyType", "HASH"}}};
    };
    json::object index{{"IndexName", table.owner_index},
                       {"KeySchema", hashed_by(table.owner_attribute)},
                       {"Projection", json::object{{"ProjectionType", "ALL"}}}};
    json::array attributes;
    attributes.push_back(attribute(table.key_attribute));
    attributes.push_back(attribute(table.owner_attribute));
    json::array indexes;
    indexes.push_back(std::move(index));
    return {{"TableName", table.name},
            {"AttributeDefinitions", std::move(attributes)},
            {"KeySchema", hashed_by(table.key_attribute)},
            {"BillingMode", "PAY_PER_REQUEST"},
            {"GlobalSecondaryIndexes", std::move(indexes)}};
}

json::object describe_table_request(const Table& table) {
    json::object out;
    out["TableName"] = table.name;
    return out;
}

}  // namespace howl::storage::dynamodb
