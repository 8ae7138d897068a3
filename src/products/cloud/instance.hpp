// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace howl::products::cloud {

enum class InstanceState : std::uint8_t { kStopped, kRunning };
enum class OperationKind : std::uint8_t { kCreate, kStart, kStop, kRemove };

/// `running`, `stopped`.
[[nodiscard]] std::string_view name_of(InstanceState state) noexcept;
/// `create`, `start`, `stop`, `remove`.
[[nodiscard]] std::string_view name_of(OperationKind kind) noexcept;
/// What is said when it is done: `created`, `started`, `stopped`, `removed`.
[[nodiscard]] std::string_view done_name_of(OperationKind kind) noexcept;

/// Work on one instance that takes its time. It is stored with the instance, so a restart goes on
/// with it.
struct Operation {
    std::string id;  ///< A UUID, the same after a restart: a provider may see it twice.
    OperationKind kind = OperationKind::kCreate;
    WallTime started_at;
    std::chrono::milliseconds duration{};  ///< How long it is expected to take.
    std::string endpoint;                  ///< Through which endpoint the command came.
    [[nodiscard]] bool operator==(const Operation&) const = default;
};

/// One cloud server as it is stored: at most one operation at a time.
///
/// Its text is what the API shows (`api_text`) with the members behind it that nobody else needs:
/// `createdAt`, `createdBy`, `idempotencyKey`, and the operation's `endpoint`.
///
/// Source: the original servers (`id`, `state`; docs/protocols).
struct Instance {
    std::string id;  ///< A UUID.
    InstanceState state = InstanceState::kStopped;
    WallTime timestamp;  ///< When the state last changed.
    std::optional<Operation> operation{};
    std::string name{};  ///< Given by its maker, at most `kNameBytesMax`; empty: none.
    /// When it was asked for; later ones have a later moment, whatever the clock does.
    WallTime created_at;
    std::string created_by{};       ///< Id of the operation that made it.
    std::string idempotency_key{};  ///< Of the command that made it; empty: none.
    [[nodiscard]] bool operator==(const Instance&) const = default;

    /// False while it is still being made.
    [[nodiscard]] bool exists() const noexcept {
        return !operation || operation->kind != OperationKind::kCreate;
    }

    /// The stored text, or what the API shows. Errors: `kInvalidJson`,
    /// `kBadRequest` for JSON that is no object.
    [[nodiscard]] static Result<Instance> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

inline constexpr std::size_t kNameBytesMax = 64;

/// Whether `kind` may begin now. Errors: `kBusy` while an operation runs, `kIllegalState` for a
/// start of what runs, a stop of what does not, and a create of what is there.
[[nodiscard]] Result<void> check_may_begin(const Instance& instance, OperationKind kind);

}  // namespace howl::products::cloud
