// SPDX-License-Identifier: Apache-2.0
// Names that people type: whatever is taken for a name can be shown, compared and taken again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"
#include "products/chat/nickname.hpp"
#include "require.hpp"

namespace {

using howl::products::chat::Nickname;
using howl::products::chat::parse_nickname;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto name = parse_nickname(text);
    if (name) {
        require(howl::is_valid_utf8(name->shown) && !name->shown.empty());
        require(!name->folded.empty() && !name->skeleton.empty());
        require(parse_nickname(name->shown).value() == *name);
    }
    const auto is_free = [&](const Nickname& candidate) {
        return !howl::products::chat::is_reserved(candidate) &&
               (!name || candidate.folded != name->folded);
    };
    const auto suggestion = howl::products::chat::suggest_nickname(text, is_free);
    require(suggestion.empty() || is_free(parse_nickname(suggestion).value()));
    return 0;
}
