// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/lister.hpp"

#include <utility>

#include <boost/json/value.hpp>

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

/// Those that can be read.
std::vector<Item> items_in(const Table& table, const json::array& page) {
    std::vector<Item> items;
    for (const auto& element : page) {
        const auto* const attributes = element.if_object();
        auto item = attributes == nullptr
                        ? Result<Item>{fail(Errc::kDamaged, "read item", "it has no attributes")}
                        : read_item(table, *attributes);
        if (item) {
            items.push_back(std::move(*item));
        }
    }
    return items;
}

}  // namespace

struct Lister::Work {
    Calls& calls;
    ListRequest request;
    OnRawPage on_page;
    Done done;
};

void Lister::read(const Table& table, ListRequest request, OnPage on_page, Done done) {
    auto on_raw_page = [&table, on_page = std::move(on_page)](const json::array& page, GoOn go_on) {
        on_page(items_in(table, page), std::move(go_on));
    };
    read_raw(std::move(request), std::move(on_raw_page), std::move(done));
}

void Lister::read_raw(ListRequest request, OnRawPage on_page, Done done) {
    next_page(std::make_shared<Work>(
        Work{calls_, std::move(request), std::move(on_page), std::move(done)}));
}

void Lister::next_page(std::shared_ptr<Work> work) {
    auto& request = work->request;
    auto& calls = work->calls;
    auto on_answer = [work](const Result<json::object>& answer) {
        if (!answer) {
            work->done(std::unexpected(answer.error()));
            return;
        }
        const auto* const found = answer->if_contains("Items");
        const auto* const page = found == nullptr ? nullptr : found->if_array();
        if (page == nullptr) {
            work->done(fail(Errc::kStorageFailed, "dynamodb", "no items in the answer"));
            return;
        }
        const auto* const last = answer->if_contains("LastEvaluatedKey");
        const bool has_more = last != nullptr;
        if (has_more) {
            work->request.body["ExclusiveStartKey"] = *last;
        }
        work->on_page(*page, [work, has_more](Result<void> outcome) {
            if (outcome && has_more) {
                next_page(work);
            } else {
                work->done(std::move(outcome));
            }
        });
    };
    calls.make(request.operation, request.body, calls.deadline(), std::move(on_answer));
}

}  // namespace howl::storage::dynamodb
