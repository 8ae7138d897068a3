// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace howl::loadtest {

/// While it exists, the first SIGINT or SIGTERM only sets a flag, so that a run ends early and
/// still prints its report; the second one kills as usual. One at a time in a process.
class Interruption {
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    [[nodiscard]] static bool requested() noexcept;
};

}  // namespace howl::loadtest
