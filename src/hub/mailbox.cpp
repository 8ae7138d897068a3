// SPDX-License-Identifier: Apache-2.0
#include "hub/mailbox.hpp"

#include <utility>

namespace howl::hub {

void Mailbox::push(Item item) {
    bool was_empty = false;
    {
        const MutexLock lock{mutex_};
        was_empty = items_.empty();
        items_.push_back(std::move(item));
    }
    if (was_empty) {
        wake_();
    }
}

void Mailbox::take(std::vector<Item>& spare) {
    spare.clear();
    const MutexLock lock{mutex_};
    items_.swap(spare);
}

}  // namespace howl::hub
