// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "storage/dynamodb/item.hpp"
#include "storage/log_driver_for_test.hpp"

namespace howl::storage::dynamodb {

/// An event as an item keeps it.
inline PendingEvent pending_event(std::string_view topic, std::string data,
                                  hub::Retention retention = {}) {
    auto item = LogDriver::item(topic, std::move(data), retention);
    return {std::move(item.event), item.retention};
}

}  // namespace howl::storage::dynamodb
