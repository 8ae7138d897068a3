// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/relay_socket.hpp"

#include <utility>

#include "apps/publishing.hpp"
#include "codec/websocket/frame.hpp"

namespace howl::apps::chat {

namespace ws = codec::websocket;
using runtime::Task;
using Type = RelayFrame::Type;

namespace {

/// Lists as they are; messages of relay clients byte for byte, others in the relay's shape. It
/// writes whole frames, since a text encoder would turn a binary frame into a text.
class RelayEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& /*cursor*/) const override {
        if (event.topic == relay_topic()) {
            return ws::encode_frame(ws::Opcode::kText, event.data);
        }
        const auto message = Message::parse(event.data);
        if (!message) {
            return {};  // Not ours; whatever it is, this wire has no word for it.
        }
        const bool binary = message->frame == FrameKind::kBinary;
        return ws::encode_frame(binary ? ws::Opcode::kBinary : ws::Opcode::kText,
                                message->relay_text());
    }
    [[nodiscard]] std::string encode_joined(const hub::Cursor& /*cursor*/) const override {
        return {};
    }
    [[nodiscard]] std::string encode_reset(const hub::TopicName& /*topic*/,
                                           const hub::Cursor& /*cursor*/) const override {
        return {};
    }
};

const RelayEncoder kEncoder;

/// Nothing in it says anybody else.
bool speaks_for(const Claim& claim, const User& user) {
    return (claim.id.empty() || claim.id == user.id) &&
           (claim.name.empty() || claim.name == user.name);
}

/// Stores one message; closes where that fails, since the client has no other way to know.
Task<void> publish(boost::intrusive_ptr<transport::Stream> stream, hub::Hub& hub,
                   hub::NewEvent event) {
    const auto receipt = co_await apps::publish(hub, std::move(event));
    if (!receipt && stream) {
        stream->close(receipt.error().code);
    }
}

}  // namespace

void RelaySocket::on_open(transport::Stream& stream) {
    stream_ = &static_cast<transport::WebSocketStream&>(stream);
    work_ = Work::kUnderWay;
    edge_.shard().tasks().spawn("relay socket", begin(StreamRef{&stream}));
}

void RelaySocket::on_message(transport::Stream& stream, ws::MessageKind kind,
                             std::string_view message) {
    if (message.size() > kRelayFrameBytesMax) {
        stream.close(Errc::kMessageTooBig);
        return;
    }
    if (!allowance_.try_take(edge_.shard().now())) {
        stream.close(Errc::kRateLimited);
        return;
    }
    Frame frame{read_relay_frame(message), kind, std::string{message}};
    if (work_ == Work::kNone && !needs_desk(frame.meaning)) {
        obey(std::move(frame));
        return;
    }
    if (waiting_.size() == kFramesWaitingMax) {
        stream.close(Errc::kOverloaded);
        return;
    }
    waiting_.push_back(std::move(frame));
    if (std::exchange(work_, Work::kUnderWay) == Work::kNone) {
        edge_.shard().tasks().spawn("relay frames", work_off(StreamRef{&stream}));
    }
}

void RelaySocket::on_close(transport::Stream& /*stream*/) {
    stream_ = nullptr;
    if (work_ == Work::kNone) {
        desk_.close(*id_);
    }
}

Task<void> RelaySocket::begin(StreamRef stream) {
    const auto welcome = co_await desk_.open(shard(), peer_);
    if (!welcome) {
        waiting_.clear();
        stream->close(welcome.error().code);
        co_return;
    }
    id_ = welcome->socket;
    if (stream_ != nullptr) {
        stream_->send(ws::MessageKind::kText, *welcome->roster);
        stream_->follow(
            {{messages_topic(relay_room()), relay_topic()}, welcome->cursor, &kEncoder});
    }
    co_await work_off(std::move(stream));
}

Task<void> RelaySocket::work_off([[maybe_unused]] StreamRef alive) {
    while (!waiting_.empty()) {
        auto frame = std::move(waiting_.front());
        waiting_.pop_front();
        if (needs_desk(frame.meaning)) {
            co_await ask_desk(std::move(frame));
        } else {
            obey(std::move(frame));
        }
    }
    work_ = Work::kNone;
    if (stream_ == nullptr) {
        desk_.close(*id_);
    }
}

bool RelaySocket::needs_desk(const RelayFrame& frame) const {
    switch (frame.type) {
        case Type::kSend:
        case Type::kJoin:
            return !bound_ || !speaks_for(frame.claim, *bound_);
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
        bound_ = co_await desk_.exit(shard(), *id_, frame.meaning.claim);
        co_return;
    }
    if (type == Type::kGetUsers) {
        const auto roster = co_await desk_.roster(shard());
        if (stream_ != nullptr) {
            stream_->send(ws::MessageKind::kText, *roster);
        }
        co_return;
    }
    auto hearing = co_await desk_.hear(shard(), *id_, frame.meaning.claim);
    bound_ = std::move(hearing.bound);
    if (type == Type::kSend && hearing.fate == RelayDesk::Hearing::Fate::kRelay) {
        relay(std::move(frame), std::move(hearing.author));
    }
}

void RelaySocket::obey(Frame frame) {
    if (frame.meaning.type == Type::kSend) {
        relay(std::move(frame), *bound_);
    } else if (frame.meaning.type == Type::kPing && stream_ != nullptr) {
        stream_->send(ws::MessageKind::kText, R"({"type":"pong"})");
    }
}

void RelaySocket::relay(Frame frame, User author) {
    const bool binary = frame.kind == ws::MessageKind::kBinary;
    const Message message{.author = std::move(author),
                          .relayed = std::move(frame.text),
                          .frame = binary ? FrameKind::kBinary : FrameKind::kText};
    hub::NewEvent event{.topic = messages_topic(relay_room()),
                        .content_type = "application/json",
                        .data = message.data()};
    edge_.shard().tasks().spawn("relay publish",
                                publish(StreamRef{stream_}, edge_.hub(), std::move(event)));
}

}  // namespace howl::apps::chat
