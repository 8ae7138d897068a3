// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace howl::hub {

/// Topics that begin with this are Howl's own: only its products write them.
inline constexpr std::string_view kReservedPrefix = "howl:";

}  // namespace howl::hub
