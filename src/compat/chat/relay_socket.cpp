// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_socket.hpp"

#include <utility>

#include "products/publishing.hpp"

namespace howl::compat::chat {

using products::chat::FrameKind;
using products::chat::kRelayFrameBytesMax;
using products::chat::Message;
using products::chat::messages_topic;
using runtime::Task;
using Type = RelayFrame::Type;

namespace {

/// Lists as they are; messages of relay clients byte for byte and of the kind that they came as,
/// others in the relay's shape.
class RelayEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& /*cursor*/) const override {
        if (event.topic == relay_topic()) {
            return event.data;
        }
        // What is no message of ours has no form in this protocol.
        const auto message = Message::parse(event.data);
        return message ? message->relay_text(event.time) : std::string{};
    }
    [[nodiscard]] bool is_binary(const hub::Event& event) const override {
        if (event.topic == relay_topic()) {
            return false;
        }
        const auto message = Message::parse(event.data);
        return message && message->frame == FrameKind::kBinary;
    }
};

const RelayEncoder kEncoder;

/// Nothing in it says anybody else.
bool is_from(const Assertion& assertion, const User& user) {
    return assertion.consistent && (assertion.id.empty() || assertion.id == user.id) &&
           (assertion.name.empty() || assertion.name == user.name);
}

/// Stores one message; closes where that fails, since the client has no other way to know.
Task<void> publish(boost::intrusive_ptr<session::Session> session, hub::Hub& hub,
                   access::Principal who, hub::NewEvent event) {
    const auto receipt = co_await products::publish(hub, who, std::move(event));
    if (!receipt && session) {
        session->close(receipt.error().code);
    }
}

}  // namespace

void RelaySocket::on_open(session::Session& stream) {
    here_.check();
    session_ = &stream;
    principal_ = stream.principal();
    work_ = Work::kUnderWay;
    sessions_.shard().tasks().spawn("relay socket", begin(SessionRef{&stream}));
}

void RelaySocket::on_message(session::Session& stream, session::MessageKind kind,
                             std::string_view message) {
    here_.check();
    if (message.size() > kRelayFrameBytesMax) {
        stream.close(Errc::kMessageTooBig);
        return;
    }
    if (!allowance_.try_take(sessions_.shard().now())) {
        stream.close(Errc::kRateLimited);
        return;
    }
    Frame frame{read_relay_frame(message), kind, std::string{message}};
    if (work_ == Work::kNone && !needs_desk(frame.meaning)) {
        handle(std::move(frame));
        return;
    }
    if (waiting_.size() == kFramesWaitingMax) {
        stream.close(Errc::kOverloaded);
        return;
    }
    waiting_.push_back(std::move(frame));
    if (std::exchange(work_, Work::kUnderWay) == Work::kNone) {
        sessions_.shard().tasks().spawn("relay frames", work_off(SessionRef{&stream}));
    }
}

void RelaySocket::on_close(session::Session& /*stream*/) {
    here_.check();
    session_ = nullptr;
    if (work_ == Work::kNone) {
        coordinator_.close(*id_);
    }
}

Task<void> RelaySocket::begin(SessionRef stream) {
    const auto welcome = co_await coordinator_.open(shard(), peer_);
    if (!welcome) {
        waiting_.clear();
        stream->close(welcome.error().code);
        co_return;
    }
    id_ = welcome->socket;
    if (session_ != nullptr) {
        session_->send(*welcome->roster);
        session_->subscribe_or_close(
            {{messages_topic(relay_room()), relay_topic()}, welcome->cursor, &kEncoder});
    }
    co_await work_off(std::move(stream));
}

Task<void> RelaySocket::work_off([[maybe_unused]] SessionRef alive) {
    here_.check();
    while (!waiting_.empty()) {
        auto frame = std::move(waiting_.front());
        waiting_.pop_front();
        if (needs_desk(frame.meaning)) {
            co_await ask_desk(std::move(frame));
        } else {
            handle(std::move(frame));
        }
    }
    work_ = Work::kNone;
    if (session_ == nullptr) {
        coordinator_.close(*id_);
    }
}

bool RelaySocket::needs_desk(const RelayFrame& frame) const {
    switch (frame.type) {
        case Type::kSend:
        case Type::kJoin:
            return !bound_ || !is_from(frame.assertion, *bound_);
        case Type::kExit:
        case Type::kGetUsers:
            return true;
        case Type::kPing:
        case Type::kOther:
            return false;
    }
    return false;
}

Task<void> RelaySocket::ask_desk(Frame frame) {
    const auto type = frame.meaning.type;
    if (type == Type::kExit) {
        bound_ = co_await coordinator_.exit(shard(), *id_, frame.meaning.assertion);
        co_return;
    }
    if (type == Type::kGetUsers) {
        const auto roster = co_await coordinator_.roster(shard());
        if (session_ != nullptr) {
            session_->send(*roster);
        }
        co_return;
    }
    auto decision = co_await coordinator_.decide(shard(), *id_, frame.meaning.assertion);
    bound_ = std::move(decision.bound);
    if (type == Type::kSend && decision.action == RelayCoordinator::Decision::Action::kRelay) {
        relay(std::move(frame), std::move(decision.author));
    }
}

void RelaySocket::handle(Frame frame) {
    if (frame.meaning.type == Type::kSend) {
        relay(std::move(frame), *bound_);
    } else if (frame.meaning.type == Type::kPing && session_ != nullptr) {
        session_->send(R"({"type":"pong"})");
    }
}

void RelaySocket::relay(Frame frame, User author) {
    here_.check();
    const bool binary = frame.kind == session::MessageKind::kBinary;
    const Message message{.author = std::move(author),
                          .relayed = std::move(frame.text),
                          .frame = binary ? FrameKind::kBinary : FrameKind::kText};
    hub::NewEvent event{.topic = messages_topic(relay_room()),
                        .content_type = "application/json",
                        .data = message.data()};
    sessions_.shard().tasks().spawn("relay publish", publish(SessionRef{session_}, sessions_.hub(),
                                                             principal_, std::move(event)));
}

}  // namespace howl::compat::chat
