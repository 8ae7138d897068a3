// SPDX-License-Identifier: Apache-2.0
#include "products/echo/echo_api.hpp"

#include "session/session.hpp"

namespace howl::products::echo {
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

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy) {
    router.add_stream("/compat/echo", response_policy, open);
}

}  // namespace howl::products::echo
