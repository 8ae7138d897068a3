// SPDX-License-Identifier: Apache-2.0
#include "loadtest/interruption.hpp"

#include <csignal>

namespace howl::loadtest {
namespace {

volatile std::sig_atomic_t requested_flag = 0;

void on_signal(int) {
    requested_flag = 1;
}

void install(void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags =
        static_cast<int>(SA_RESETHAND);  // The second signal has the default action again.
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
    requested_flag = 0;
    install(on_signal);
}

Interruption::~Interruption() {
    install(SIG_DFL);
}

bool Interruption::requested() noexcept {
    return requested_flag != 0;
}

}  // namespace howl::loadtest
