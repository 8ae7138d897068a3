// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/item.hpp"
#include "storage/dynamodb/requests.hpp"

namespace howl::storage::dynamodb {

/// Reads a query or a scan page by page; each page has all of `commit_time`. An item that can't be
/// read is left out (`hub::note_unreadable`).
/// Thread: the loop's.
class Lister {
public:
    using GoOn = outbox::ForeignStore::GoOn;
    using OnPage = outbox::ForeignStore::OnPage;
    using OnRawPage = std::function<void(const boost::json::array& page, GoOn go_on)>;
    using Done = std::move_only_function<void(Result<void>)>;

    explicit Lister(Calls& calls) : calls_(calls) {}

    /// Errors: `Calls::make`, those of `on_page`. Lifetime: `table` as the reading.
    void read(const Table& table, ListRequest request, OnPage on_page, Done done);
    /// The same for items as they are, also those that can't be read.
    void read_raw(ListRequest request, OnRawPage on_page, Done done);

private:
    struct Work;

    static void next_page(std::shared_ptr<Work> work);

    Calls& calls_;
};

}  // namespace howl::storage::dynamodb
