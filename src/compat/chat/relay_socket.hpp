// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "compat/chat/relay_coordinator.hpp"
#include "compat/chat/relay_frame.hpp"
#include "products/chat/message.hpp"
#include "products/chat/rate_limit.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "session/session.hpp"

namespace howl::compat::chat {

using products::chat::RateLimit;

/// One client of the relay endpoint while it is connected.
///
/// It asks the coordinator who the client is until that is settled; from then on what the client
/// says goes straight to the log. Frames are taken in their order: while one waits for the
/// coordinator, the later ones wait behind it.
///
/// A client may send a last word and close at once, so what has come is still done after the close.
///
/// Errors, in the only word this wire has, the close: `kMessageTooBig`, `kRateLimited`,
/// `kOverloaded`, those of the log.
class RelaySocket final : public session::Handler {
public:
    /// Reached: the socket closes with `kOverloaded`.
    static constexpr std::size_t kFramesWaitingMax = 64;

    RelaySocket(RelayCoordinator& coordinator, session::SessionGroup& sessions,
                std::uint64_t messages_per_second, std::string peer)
        : coordinator_(coordinator),
          sessions_(sessions),
          peer_(std::move(peer)),
          allowance_(messages_per_second) {}

    void on_open(session::Session& stream) override;
    void on_message(session::Session& stream, session::MessageKind kind,
                    std::string_view message) override;
    void on_close(session::Session& stream) override;

private:
    using SessionRef = boost::intrusive_ptr<session::Session>;
    struct Frame {
        RelayFrame meaning;
        session::MessageKind kind;
        std::string text;
    };
    enum class Work : std::uint8_t { kNone, kUnderWay };

    /// Announces the socket, then works off what has come meanwhile. `stream` owns this.
    [[nodiscard]] runtime::Task<void> begin(SessionRef stream);
    [[nodiscard]] runtime::Task<void> work_off(SessionRef alive);
    [[nodiscard]] runtime::Task<void> ask_desk(Frame frame);

    [[nodiscard]] bool needs_desk(const RelayFrame& frame) const;
    /// Requires: it needs no coordinator.
    void handle(Frame frame);
    void relay(Frame frame, User author);
    [[nodiscard]] ShardId shard() { return sessions_.shard().id(); }

    // Constant after construction.
    RelayCoordinator& coordinator_;
    session::SessionGroup& sessions_;
    const std::string peer_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    access::Principal principal_;
    session::Session* session_ = nullptr;  ///< Null once it is closed.
    RateLimit allowance_;
    std::optional<RelaySocketId> id_;
    std::optional<User>
        bound_;  ///< Whose the socket is for good, once the coordinator has said so.
    std::deque<Frame> waiting_;
    Work work_ = Work::kNone;
};

}  // namespace howl::compat::chat
