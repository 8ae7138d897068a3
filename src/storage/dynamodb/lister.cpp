// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/lister.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

Result<std::vector<Item>> items_in(const Table& table, const json::object& answer) {
    std::vector<Item> items;
    const auto* const found = answer.if_contains("Items");
    const auto* const list = found == nullptr ? nullptr : found->if_array();
    if (list == nullptr) {
        return fail(Errc::kStorageFailed, "dynamodb", "no items in the answer");
    }
    for (const auto& element : *list) {
        if (!element.is_object()) {
            return fail(Errc::kStorageFailed, "dynamodb", "an item of the answer is none");
        }
        HOWL_TRY(item, parse_item(table, element.get_object()));
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

struct Lister::Work {
    const Table& table;
    ListRequest request;
    OnPage on_page;
    Done done;
};

void Lister::read(const Table& table, ListRequest request, OnPage on_page, Done done) {
    next_page(std::make_shared<Work>(
        Work{table, std::move(request), std::move(on_page), std::move(done)}));
}

void Lister::next_page(std::shared_ptr<Work> work) {
    auto& request = work->request;
    auto on_answer = [this, work](const Result<json::object>& answer) {
        auto page = answer ? items_in(work->table, *answer) : std::unexpected(answer.error());
        if (!page) {
            work->done(std::unexpected(page.error()));
            return;
        }
        const auto* const last = answer->if_contains("LastEvaluatedKey");
        const bool has_more = last != nullptr;
        if (has_more) {
            work->request.body["ExclusiveStartKey"] = *last;
        }
        work->on_page(std::move(*page), [this, work, has_more](Result<void> outcome) {
            if (outcome && has_more) {
                next_page(work);
            } else {
                work->done(std::move(outcome));
            }
        });
    };
    calls_.make(request.operation, request.body, calls_.deadline(), std::move(on_answer));
}

}  // namespace howl::storage::dynamodb
