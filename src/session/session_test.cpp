// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "session/session_rig_for_test.hpp"

namespace howl::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Writes down what it is called with.
class Journal final : public Handler {
public:
    explicit Journal(std::string& text) : text_(text) {}
    void on_open(Session& /*session*/) override { text_ += "open;"; }
    void on_message(Session& /*session*/, MessageKind kind, std::string_view message) override {
        text_ += (kind == MessageKind::kText ? "text " : "binary ") + std::string{message} + ";";
    }
    void on_close(Session& /*session*/) override { text_ += "close;"; }

private:
    std::string& text_;
};

TEST_F(SessionRig, TheHeadIsFirstAndTheHandlerIsToldOfEverything) {
    const auto session = open(std::make_unique<Journal>(journal));
    session->send("a");
    session->send("b", MessageKind::kBinary);
    session->on_message(MessageKind::kBinary, "x");
    settle();
    EXPECT_EQ(take(), "head;[a]b[b]");
    session->close_with(1000, "bye");
    settle();
    EXPECT_EQ(take(), "<peer_closed 1000>");
    EXPECT_TRUE(connection.ended);
    EXPECT_FALSE(connection.closed);
    session->on_close_answered();
    EXPECT_TRUE(connection.closed);
    EXPECT_TRUE(session->has_ended());
    EXPECT_EQ(journal, "open;binary x;close;");
    EXPECT_EQ(group_.open_count(), 0U);
}

TEST_F(SessionRig, AMessageThatNobodyTakesEndsTheSession) {
    const auto session = open();
    session->on_message(MessageKind::kText, "x");
    settle();
    EXPECT_EQ(take(), "head;<unsupported_data 0>");
}

TEST_F(SessionRig, EachSubscriptionHasAStartOfItsOwn) {
    const auto beginning = head();
    publish("a");
    publish("b");
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a"}, beginning)).has_value());
    ASSERT_TRUE(session->subscribe(to({"b"})).has_value());
    settle();
    EXPECT_EQ(take(), "head;a 1;joined;joined;");
    EXPECT_EQ(channel->caught_up, 2);
    publish("b");
    publish("a");
    EXPECT_EQ(take(), "b 2;a 2;");
}

TEST_F(SessionRig, APatternIsSubscribedToAndUnsubscribedFromAsATopic) {
    const auto pattern = *hub::TopicPattern::parse("news/*");
    const auto session = open();
    auto wanted = to({"a"});
    wanted.patterns.push_back(pattern);
    ASSERT_TRUE(session->subscribe(std::move(wanted)).has_value());
    settle();
    publish("news/1");
    publish("a");
    EXPECT_EQ(take(), "head;joined;news/1 1;a 1;");
    session->unsubscribe(pattern);
    publish("news/1");
    publish("a");
    EXPECT_EQ(take(), "a 2;");
}

TEST_F(SessionRig, PatternsAreCountedAndThePolicyIsAsked) {
    const auto session = open();
    auto many = to({});
    for (std::size_t i = 0; i < limits::kPatternsPerSessionMax; ++i) {
        many.patterns.push_back(*hub::TopicPattern::parse(std::to_string(i) + "/*"));
    }
    ASSERT_TRUE(session->subscribe(std::move(many)).has_value());
    auto more = to({});
    more.patterns.push_back(*hub::TopicPattern::parse("more/*"));
    EXPECT_EQ(session->subscribe(std::move(more)).error().code, Errc::kTooManyPatterns);
    auto secret = to({});
    secret.patterns.push_back(*hub::TopicPattern::parse("secret/*"));
    EXPECT_EQ(session->subscribe(std::move(secret)).error().code, Errc::kOriginRefused);
}

TEST_F(SessionRig, UnsubscribingOneTopicLeavesTheOthersOfItsSubscription) {
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a", "b", "c"})).has_value());
    settle();
    session->unsubscribe(*hub::TopicName::parse("b"));
    session->unsubscribe(*hub::TopicName::parse("nothing"));
    EXPECT_TRUE(session->reads(*hub::TopicName::parse("a")));
    EXPECT_FALSE(session->reads(*hub::TopicName::parse("b")));
    static_cast<void>(take());
    publish("a");
    publish("b");
    publish("c");
    EXPECT_EQ(take(), "a 1;c 1;");
    session->unsubscribe(*hub::TopicName::parse("c"));
    session->unsubscribe(*hub::TopicName::parse("a"));
    publish("a");
    EXPECT_EQ(take(), "");
    ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
    settle();
    publish("a");
    EXPECT_EQ(take(), "joined;a 3;");
}

TEST_F(SessionRig, ATopicThatIsUnsubscribedDuringItsReplayIsReplayedNoFurther) {
    constexpr int kMoreThanARoundOfTheReplay = 1000;
    const auto beginning = head();
    for (int i = 0; i < kMoreThanARoundOfTheReplay; ++i) {
        publish("a");
        publish("b");
    }
    settings_ = {};
    connection.room = 5;  // The head.
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a", "b"}, beginning)).has_value());
    settle();
    session->unsubscribe(*hub::TopicName::parse("a"));
    while (connection.received.find("joined") == std::string::npos) {
        channel->make_room(SIZE_MAX);
        settle();
    }
    const auto got = take();
    EXPECT_NE(got.find("b 1;"), std::string::npos);
    EXPECT_TRUE(got.ends_with("b 999;b 1000;joined;"));
    EXPECT_EQ(got.find("a 1000;"), std::string::npos);
}

TEST_F(SessionRig, ReadingATopicAgainBeginsAtTheNewStart) {
    const auto beginning = head();
    publish("a");
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
    settle();
    static_cast<void>(take());
    ASSERT_TRUE(session->subscribe(to({"a"}, beginning)).has_value());
    settle();
    EXPECT_EQ(take(), "a 1;joined;");
    publish("a");
    EXPECT_EQ(take(), "a 2;");
}

TEST_F(SessionRig, OneSessionReadsABoundedNumberOfTopics) {
    const auto session = open();
    for (std::size_t i = 0; i < limits::kTopicsPerSessionMax; ++i) {
        ASSERT_TRUE(session->subscribe(to({"t" + std::to_string(i)})).has_value());
    }
    const auto refused = session->subscribe(to({"more"}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::kTooManySubscriptions);
    EXPECT_TRUE(session->subscribe(to({"t0"})).has_value());
    session->subscribe_or_close(to({"more"}));
    settle();
    EXPECT_TRUE(take().ends_with("<too_many_subscriptions 0>"));
}

TEST_F(SessionRig, WhatMayNotBeReadIsRefusedAndTheOthersGoOn) {
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
    settle();
    static_cast<void>(take());
    const auto refused = session->subscribe(to({"a", "secret"}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::kOriginRefused);
    publish("a");
    publish("secret");
    EXPECT_EQ(take(), "a 1;");
    session->subscribe_or_close(to({"secret"}));
    settle();
    EXPECT_EQ(take(), "<origin_refused 0>");
}

TEST_F(SessionRig, ASessionThatTakesNothingIsEndedAndOthersAreNot) {
    connection.room = 5;
    const auto session = open();
    ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
    for (int i = 0; i < 20; ++i) {
        publish("a");
    }
    EXPECT_TRUE(session->is_closing());
    channel->make_room(SIZE_MAX);
    EXPECT_EQ(take(), "head;<slow 0>");
}

TEST_F(SessionRig, AQueueThatDoesNotMoveIsSlowAfterTheStallTime) {
    connection.room = 5;
    const auto session = open();
    session->send("a");
    settle();
    EXPECT_EQ(connection.waits, 1);
    advance(settings_.stall_time - milliseconds{200});
    EXPECT_TRUE(session->is_open());
    advance(milliseconds{400});
    EXPECT_TRUE(session->is_closing());
}

TEST_F(SessionRig, AtADrainTheClientIsToldWhenToReconnectOrLeavesWithinTheSpread) {
    const auto session = open();
    channel->has_retry_hint = true;
    flusher_.drain();
    settle();
    const auto told = take();
    EXPECT_TRUE(told.starts_with("head;retry ")) << told;
    EXPECT_TRUE(told.ends_with(";<draining 0>")) << told;

    const boost::intrusive_ptr<FakeChannel> second{new FakeChannel};
    const auto untold = Session::open(group_, access::kAnyone, second, {}, hub::make_frame("h;"));
    flusher_.drain();
    settle();
    EXPECT_EQ(second->connection.received, "h;");
    advance(settings_.drain_spread);
    advance(milliseconds{200});
    EXPECT_EQ(second->connection.received, "h;<draining 0>");
}

TEST_F(SessionRig, ASessionEndsWithItsConnection) {
    const auto session = open(std::make_unique<Journal>(journal));
    channel->lose_connection();
    EXPECT_TRUE(session->has_ended());
    EXPECT_EQ(journal, "open;close;");
}

TEST_F(SessionRig, ASessionThatOutlivesItsConnectionGoesOnOverTheNext) {
    const auto session = open(std::make_unique<Journal>(journal));
    session->outlive_connection(seconds{30});
    ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
    settle();
    static_cast<void>(take());
    channel->lose_connection();
    EXPECT_TRUE(connection.closed);
    EXPECT_TRUE(session->is_open());
    publish("a");
    session->send("meanwhile");
    publish("a");

    const boost::intrusive_ptr<FakeChannel> next{new FakeChannel};
    session->attach(next);
    settle();
    publish("a");
    EXPECT_EQ(next->connection.received, "a 1;[meanwhile]a 2;a 3;");
    EXPECT_EQ(journal, "open;");
    advance(seconds{60});
    EXPECT_TRUE(session->is_open());
}

TEST_F(SessionRig, AFrameThatWasCutIsSentWholeOverTheNextConnection) {
    const auto session = open();
    session->outlive_connection(seconds{30});
    static_cast<void>(take());
    connection.room = 2;
    session->send("long");
    settle();
    EXPECT_EQ(take(), "[l");
    channel->lose_connection();
    const boost::intrusive_ptr<FakeChannel> next{new FakeChannel};
    session->attach(next);
    settle();
    EXPECT_EQ(next->connection.received, "[long]");
}

TEST_F(SessionRig, NobodyWhoReturnsEndsTheSessionAfterItsTime) {
    const auto session = open(std::make_unique<Journal>(journal));
    session->outlive_connection(seconds{30});
    channel->lose_connection();
    advance(seconds{29});
    EXPECT_TRUE(session->is_open());
    advance(seconds{2});
    EXPECT_TRUE(session->has_ended());
    EXPECT_EQ(journal, "open;close;");
    const boost::intrusive_ptr<FakeChannel> late{new FakeChannel};
    session->attach(late);
    EXPECT_TRUE(late->connection.closed);
}

TEST_F(SessionRig, WhatWaitsForTheNextConnectionIsBounded) {
    {
        // Nobody but the group and the channel knows the session, as of a real connection.
        boost::intrusive_ptr<FakeChannel> last{new FakeChannel};
        const auto session =
            Session::open(group_, access::kAnyone, last, std::make_unique<Journal>(journal),
                          hub::make_frame("head;"));
        session->outlive_connection(seconds{30});
        ASSERT_TRUE(session->subscribe(to({"a"})).has_value());
        settle();
        last->lose_connection();
    }
    for (int i = 0; i < 20; ++i) {
        publish("a");
    }
    EXPECT_EQ(journal, "open;close;");
    EXPECT_EQ(group_.open_count(), 0U);
}

TEST_F(SessionRig, ASessionThatLeavesAtADrainWaitsForNoOtherConnection) {
    const auto session = open();
    session->outlive_connection(seconds{30});
    flusher_.drain();
    EXPECT_TRUE(session->is_open());
    channel->lose_connection();
    EXPECT_TRUE(session->has_ended());
}

TEST_F(SessionRig, AnotherConnectionDoesNotPutOffADrain) {
    const auto session = open();
    flusher_.drain();
    const boost::intrusive_ptr<FakeChannel> next{new FakeChannel};
    session->attach(next);
    EXPECT_TRUE(connection.closed);
    advance(settings_.drain_spread + milliseconds{200});
    EXPECT_TRUE(session->is_closing());
}

TEST_F(SessionRig, ADrainEndsASessionThatHasNoConnection) {
    const auto session = open();
    session->outlive_connection(seconds{30});
    channel->lose_connection();
    flusher_.drain();
    EXPECT_TRUE(session->has_ended());
    EXPECT_EQ(group_.open_count(), 0U);
}

}  // namespace
}  // namespace howl::session
