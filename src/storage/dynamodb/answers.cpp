// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/answers.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

constexpr long kOk = 200;
constexpr long kServerErrors = 500;

struct Meaning {
    std::string_view name;
    Errc code;
};
/// "Error handling with DynamoDB" of the developer guide; what is not here is final.
constexpr std::array kMeanings{
    Meaning{"ConditionalCheckFailedException", Errc::kVersionConflict},
    Meaning{"ResourceNotFoundException", Errc::kNotFound},
    Meaning{"ResourceInUseException", Errc::kBusy},
    Meaning{"ProvisionedThroughputExceededException", Errc::kRateLimited},
    Meaning{"ThrottlingException", Errc::kRateLimited},
    Meaning{"RequestLimitExceeded", Errc::kRateLimited},
    Meaning{"LimitExceededException", Errc::kRateLimited},
    Meaning{"TransactionConflictException", Errc::kRateLimited},
    Meaning{"TransactionInProgressException", Errc::kRateLimited},
};

/// `com.amazonaws.dynamodb.v20120810#ThrottlingException` without what stands before the hash.
std::string name_of_error(const json::object& body) {
    const auto* const type = body.if_contains("__type");
    if (type == nullptr || !type->is_string()) {
        return "";
    }
    const std::string_view text{type->get_string()};
    return std::string{text.substr(text.find('#') + 1)};
}

}  // namespace

Result<json::object> read_answer(const HttpAnswer& answer) {
    boost::system::error_code error;
    auto value = json::parse(answer.body, error);
    auto* const body = error ? nullptr : value.if_object();
    if (answer.status == kOk && body != nullptr) {
        return std::move(*body);
    }
    auto name = body == nullptr ? std::string{} : name_of_error(*body);
    for (const auto& meaning : kMeanings) {
        if (meaning.name == name) {
            return fail(meaning.code, "dynamodb", std::move(name));
        }
    }
    if (name.empty()) {
        name = fmt::format("HTTP status {}", answer.status);
    }
    const bool theirs = answer.status >= kServerErrors || answer.status == kOk;
    return fail(theirs ? Errc::kInternal : Errc::kStorageFailed, "dynamodb", std::move(name));
}

bool may_be_tried_again(const Error& error) noexcept {
    return error.code == Errc::kRateLimited || error.code == Errc::kInternal ||
           error.code == Errc::kPeerTimeout || error.code == Errc::kPeerClosed;
}

}  // namespace howl::storage::dynamodb
