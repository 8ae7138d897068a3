// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace howl {

/// The source of random numbers. Injected, so that a test's run can be repeated from its seed.
class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t next() = 0;

    /// Evenly from [0, bound); `bound` > 0. The bias of the modulo is below 2^-32 for small bounds.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }
};

/// Unpredictable: the kernel's generator.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::uint64_t next() override {
        return (static_cast<std::uint64_t>(device_()) << 32U) | device_();
    }

private:
    std::random_device device_;
};

/// Repeatable from its seed; not for secrets.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    [[nodiscard]] std::uint64_t next() override { return engine_(); }

private:
    std::mt19937_64 engine_;
};

/// A fresh name for a history, 8 characters of `[0-9a-z]`.
[[nodiscard]] std::string random_epoch_text(Random& random);
/// A version 4 UUID in lower case (RFC 9562 section 5.4).
[[nodiscard]] std::string random_uuid_text(Random& random);

}  // namespace howl
