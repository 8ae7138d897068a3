// SPDX-License-Identifier: Apache-2.0
// What DynamoDB answers and what an operator's credentials file says: any text is read or refused,
// and what an item has pending is written again as it was.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "require.hpp"
#include "storage/dynamodb/answers.hpp"
#include "storage/dynamodb/credentials.hpp"
#include "storage/dynamodb/item.hpp"
#include "storage/dynamodb/table_setup.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace dynamodb = howl::storage::dynamodb;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    static_cast<void>(dynamodb::parse_credentials(text, "fuzz"));
    static const dynamodb::Table kTable{.kind = "report", .name = "t", .shown_members = {"status"}};
    static_cast<void>(dynamodb::shown_attributes(kTable, text));
    constexpr long kOk = 200;
    const auto answer = dynamodb::read_answer({kOk, std::string{text}});
    if (!answer) {
        return 0;
    }
    static_cast<void>(dynamodb::check_shape(kTable, *answer));
    static_cast<void>(dynamodb::is_active(kTable, *answer));
    if (const auto item = dynamodb::parse_item(kTable, *answer)) {
        for (const auto& commit : item->pending) {
            const auto list = dynamodb::pending_list(commit);
            require(list.empty() == commit.events.empty());
        }
    }
    return 0;
}
