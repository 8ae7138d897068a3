// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "storage/dynamodb/request_loop.hpp"

namespace howl::storage::dynamodb {

/// Reads what DynamoDB answered: the result's object, or what its error means to us.
///
/// The detail of an error is DynamoDB's name of it and never its message, which quotes the request
/// with its security headers. Errors: `kVersionConflict` (the condition did not hold), `kNotFound`
/// (no such table), `kBusy` (the table is being made, or was), `kRateLimited`, `kInternal` (5xx, or
/// no JSON), `kStorageFailed` (everything else: trying again does not help).
[[nodiscard]] Result<boost::json::object> read_answer(const HttpAnswer& answer);

/// True for a failure after which the same request may well succeed.
[[nodiscard]] bool may_be_tried_again(const Error& error) noexcept;

}  // namespace howl::storage::dynamodb
