// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/error.hpp"
#include "products/chat/nickname.hpp"

namespace howl::products::chat {

/// The names of one room in the forms in which they are compared, so that a check of one more costs
/// the same in a full room as in an empty one.
///
/// Counted, because names that were taken under an older Unicode may be alike by a newer one.
class TakenNames {
public:
    void add(const Nickname& name) {
        folded_.insert(name.folded);
        skeletons_.insert(name.skeleton);
    }
    /// Requires: it was added.
    void remove(const Nickname& name) {
        folded_.erase(folded_.find(name.folded));
        skeletons_.erase(skeletons_.find(name.skeleton));
    }

    /// Why nobody may have `name` now: `kNameReserved`, `kNameTaken`, `kNameConfusable`.
    [[nodiscard]] std::optional<Errc> refusal_of(const Nickname& name) const {
        if (is_reserved(name)) {
            return Errc::kNameReserved;
        }
        if (folded_.contains(name.folded)) {
            return Errc::kNameTaken;
        }
        if (skeletons_.contains(name.skeleton)) {
            return Errc::kNameConfusable;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t size() const noexcept { return folded_.size(); }

private:
    std::unordered_multiset<std::string> folded_;
    std::unordered_multiset<std::string> skeletons_;
};

}  // namespace howl::products::chat
