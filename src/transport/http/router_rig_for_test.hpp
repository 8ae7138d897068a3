// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "session/session_group.hpp"
#include "transport/http/router.hpp"

namespace howl::transport {

/// Routes don't publish here.
class NoLog final : public hub::EventLog {
public:
    [[nodiscard]] Epoch epoch() const override { return Epoch{"none"}; }
    [[nodiscard]] Result<std::vector<hub::TopicState>> topics() override { return {}; }
    [[nodiscard]] hub::ForgottenTopics forgotten() const override { return {}; }
    [[nodiscard]] Result<std::vector<hub::EventRef>> newest(std::size_t) override { return {}; }
    void start(hub::CommitListener&) override {}
    void stop() override {}
    void append(hub::AppendBatch) override {}
    void read(std::vector<hub::TopicName>, Sequence, std::size_t, ReadDone) override {}
    void history(hub::TopicName, Offset, std::size_t, HistoryDone) override {}
    void purge(hub::TopicName, hub::PurgeScope, PurgeDone) override {}
};

/// A router on a shard that the test drives, without any events.
class RouterRig : public ::testing::Test {
protected:
    ~RouterRig() override { sequencer_.stop(); }

    Reply answer(codec::http::Request request) {
        std::optional<Reply> reply;
        shard_.tasks().spawn("ask", ask(std::move(request), reply));
        shard_.io().restart();
        shard_.io().poll();
        EXPECT_TRUE(reply.has_value());
        return std::move(*reply);
    }
    codec::http::Response ask(codec::http::Method method, std::string_view path,
                              std::vector<codec::http::Header> headers = {}) {
        codec::http::Request request;
        request.method = method;
        request.path = path;
        request.headers = std::move(headers);
        auto reply = answer(std::move(request));
        EXPECT_TRUE(std::holds_alternative<codec::http::Response>(reply));
        return std::get<codec::http::Response>(std::move(reply));
    }

    Router router_;

private:
    runtime::Task<void> ask(codec::http::Request request, std::optional<Reply>& reply) {
        const Client client{"127.0.0.1"};
        reply = co_await router_.answer(request, sessions_, client);
    }

    ManualClock clock_;
    NoLog durable_;
    NoLog volatile_;
    hub::TopicPolicies policies_{{}};
    session::Settings settings_;
    SeededRandom random_{1};
    runtime::Shard shard_{ShardId{0}, clock_};
    hub::Sequencer sequencer_{durable_, volatile_, policies_, clock_, 1024};
    hub::Hub hub_{shard_, sequencer_, access::allow_everything()};
    session::SessionGroup sessions_{hub_, settings_, random_};
};

}  // namespace howl::transport
