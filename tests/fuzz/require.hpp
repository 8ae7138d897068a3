// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

/// What must hold for every input; the fuzzer keeps the one for which it does not.
inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}
