// SPDX-License-Identifier: Apache-2.0
#include "apps/echo/echo_door.hpp"

#include "transport/websocket/websocket_stream.hpp"

namespace howl::apps::echo {
namespace {

class Echo final : public transport::StreamHandler {
    void on_message(transport::Stream& stream, codec::websocket::MessageKind kind,
                    std::string_view message) override {
        static_cast<transport::WebSocketStream&>(stream).send(kind, message);
    }
};

runtime::Task<Result<transport::Reply>> open(transport::Exchange& /*exchange*/) {
    co_return transport::WebSocketReply{std::make_unique<Echo>()};
}

}  // namespace

void add_routes(transport::Router& router, const transport::DoorManners& manners) {
    router.add(codec::http::Method::kGet, "/compat/echo", manners, open);
}

}  // namespace howl::apps::echo
