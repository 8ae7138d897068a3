// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/item_inspection.hpp"

#include <memory>
#include <utility>

#include <boost/json/serialize.hpp>

#include "storage/dynamodb/item.hpp"
#include "storage/dynamodb/lister.hpp"
#include "storage/dynamodb/requests.hpp"

namespace howl::storage::dynamodb {

namespace json = boost::json;

namespace {

Result<void> check_item(const Table& table, const json::object& attributes,
                        const hub::RecordCheck& check) {
    HOWL_TRY(item, parse_item(table, attributes));
    return item.record ? check(*item.record) : Result<void>{};
}

}  // namespace

void ItemInspection::find(const Table& table, hub::RecordCheck check, Found done) {
    auto found = std::make_shared<std::vector<hub::UnreadableRecord>>();
    auto on_page = [&table, found, check = std::move(check)](const json::array& page,
                                                             Lister::GoOn go_on) {
        for (const auto& element : page) {
            const auto* const attributes = element.if_object();
            if (attributes == nullptr) {
                continue;
            }
            if (const auto sound = check_item(table, *attributes, check); !sound) {
                found->push_back({table.name, key_in(table, *attributes),
                                  hub::reason_of(sound.error()), json::serialize(*attributes)});
            }
        }
        go_on({});
    };
    auto on_read = [found, done = std::move(done)](Result<void> outcome) mutable {
        if (outcome) {
            done(std::move(*found));
        } else {
            done(std::unexpected(std::move(outcome).error()));
        }
    };
    Lister{calls_}.read_raw(everything_request(table), std::move(on_page), std::move(on_read));
}

void ItemInspection::remove(const Table& table, const hub::UnreadableRecord& record, Done done) {
    calls_.make("DeleteItem", delete_request(table, record.id), calls_.deadline(),
                [done = std::move(done)](const Result<json::object>& answer) mutable {
                    done(answer ? Result<void>{} : std::unexpected(answer.error()));
                });
}

}  // namespace howl::storage::dynamodb
