// SPDX-License-Identifier: Apache-2.0
#include "products/inbox/inbox.hpp"

#include <fmt/format.h>

namespace howl::products::inbox {

/// `~` alone is the user without a name; no other name is encoded so.
Result<hub::TopicName> topic_of(std::string_view version, std::string_view username) {
    const auto prefix = fmt::format("howl:inbox/{}/", version);
    if (username.empty()) {
        return hub::TopicName::parse(prefix + "~");
    }
    return hub::topic_for(prefix, username);
}

}  // namespace howl::products::inbox
