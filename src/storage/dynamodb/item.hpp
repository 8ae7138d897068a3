// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/outbox/item.hpp"

namespace howl::storage::dynamodb {

/// The attributes of an item that are Howl's own; key and owner are named by the `Table`.
namespace attribute {
inline constexpr std::string_view kVersion = "version";
inline constexpr std::string_view kData = "data";
inline constexpr std::string_view kToken = "token";      ///< Names the item's last commit.
inline constexpr std::string_view kPending = "pending";  ///< Events that are not in the log yet.
inline constexpr std::string_view kRemoved = "removed";  ///< There on a tombstone alone.
}  // namespace attribute

using outbox::Item;
using outbox::PendingCommit;
using outbox::PendingEvent;

/// Reads an item, also one without a version, which another program made: version 1, with its shown
/// members as data. Errors: `kDamaged` for what neither could have written.
[[nodiscard]] Result<Item> parse_item(const Table& table, const boost::json::object& attributes);

/// The same; what can't be read is noted (`hub::note_unreadable`).
[[nodiscard]] Result<Item> read_item(const Table& table, const boost::json::object& attributes);

/// The item's key, empty where there is none.
[[nodiscard]] std::string key_in(const Table& table, const boost::json::object& attributes);

/// The item that an answer holds under `member`; nothing where it holds none. Errors: the answer's,
/// `read_item`.
[[nodiscard]] Result<std::optional<Item>> item_in(const Table& table,
                                                  const Result<boost::json::object>& answer,
                                                  std::string_view member);

/// The list that a commit appends to `pending`: one element, or none without events.
[[nodiscard]] boost::json::array pending_list(const PendingCommit& commit);

/// The members of a record's text that stand as attributes of their own; those that are text.
[[nodiscard]] boost::json::object shown_attributes(const Table& table, std::string_view data);

}  // namespace howl::storage::dynamodb
