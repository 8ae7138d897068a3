// SPDX-License-Identifier: Apache-2.0
#include "apps/echo/echo_door.hpp"

#include "session/session.hpp"

namespace howl::apps::echo {
namespace {

class Echo final : public session::Handler {
    void on_message(session::Session& stream, session::MessageKind kind,
                    std::string_view message) override {
        stream.send(message, kind);
    }
};

runtime::Task<Result<transport::Reply>> open(transport::Exchange& /*exchange*/) {
    co_return transport::WebSocketReply{std::make_unique<Echo>()};
}

}  // namespace

void add_routes(transport::Router& router, const transport::DoorManners& manners) {
    router.add_stream("/compat/echo", manners, open);
}

}  // namespace howl::apps::echo
