// SPDX-License-Identifier: Apache-2.0
#include "transport/byte_stream.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "session/output_queue.hpp"

namespace howl::transport {
namespace {

using State = session::WriteResult::State;

/// A queue, a stream with the smallest buffer that the kernel gives, and its peer.
class Output : public ::testing::Test {
protected:
    Output() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_.data()), 0);
        const int least = 1;
        ::setsockopt(sockets_[0], SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
        Socket socket{io_.get_executor()};
        socket.assign(boost::asio::ip::tcp::v4(), sockets_[0]);
        stream_.emplace(std::move(socket));
    }
    ~Output() override { hang_up(); }

    void push(std::string bytes) {
        pushed_ += bytes;
        queue_.push(hub::make_frame(std::move(bytes)));
    }
    /// Writes what the kernel takes, as a session does.
    State write() {
        auto state = State::kTaken;
        while (state == State::kTaken && !queue_.empty()) {
            std::array<std::string_view, 64> parts;
            const auto result = stream_->write(queue_.gather(parts));
            ++tally_.writes;
            tally_.bytes += result.bytes;
            queue_.consume(result.bytes);
            state = result.state;
        }
        return state;
    }
    /// Reads at most `bytes`, as a slow peer does.
    std::string read(std::size_t bytes) {
        std::string out(bytes, '\0');
        const auto got = ::recv(sockets_[1], out.data(), out.size(), MSG_DONTWAIT);
        out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return out;
    }
    std::string read_all() {
        std::string out;
        for (std::string piece = read(65536); !piece.empty(); piece = read(65536)) {
            out += piece;
        }
        return out;
    }
    void hang_up() {
        if (sockets_[1] >= 0) {
            ::close(sockets_[1]);
            sockets_[1] = -1;
        }
    }
    /// Fills the kernel, so that the next write is refused or cut.
    std::size_t fill_kernel() {
        const std::string filler(512, '#');
        std::size_t filled = 0;
        for (ssize_t sent = 1; sent > 0;) {
            sent = ::send(sockets_[0], filler.data(), filler.size(), MSG_DONTWAIT);
            filled += sent > 0 ? static_cast<std::size_t>(sent) : 0;
        }
        return filled;
    }

    struct Tally {
        std::size_t writes = 0;
        std::size_t bytes = 0;
    };

    boost::asio::io_context io_;
    std::optional<ByteStream> stream_;
    session::OutputQueue queue_;
    Tally tally_;
    std::string pushed_;
    std::array<int, 2> sockets_{-1, -1};
};

TEST_F(Output, OneFrameLeavesInOneWrite) {
    push("data: a\n\n");
    EXPECT_EQ(write(), State::kTaken);
    EXPECT_EQ(read_all(), "data: a\n\n");
    EXPECT_EQ(tally_.writes, 1U);
    EXPECT_EQ(tally_.bytes, 9U);
}

TEST_F(Output, ManyFramesLeaveInOrderInOneGatheredWrite) {
    for (int i = 0; i < 64; ++i) {
        push("frame " + std::to_string(i) + "\n");
    }
    EXPECT_EQ(write(), State::kTaken);
    EXPECT_EQ(read_all(), pushed_);
    EXPECT_EQ(tally_.writes, 1U);
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(Output, AnEmptyFrameIsNothing) {
    push("");
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(write(), State::kTaken);
    EXPECT_EQ(tally_.writes, 0U);
    push("a");
    push("");
    push("b");
    EXPECT_EQ(queue_.frames(), 2U);
    EXPECT_EQ(write(), State::kTaken);
    EXPECT_EQ(read_all(), "ab");
}

TEST_F(Output, NothingIsLostOrMovedWhenTheKernelTakesPieces) {
    for (int i = 0; i < 300; ++i) {
        push(std::string(static_cast<std::size_t>(i * 7 % 311 + 1),
                         static_cast<char>('a' + i % 26)));
    }
    std::string received;
    int refusals = 0;
    while (write() != State::kTaken) {
        ++refusals;
        EXPECT_EQ(queue_.bytes() + tally_.bytes, pushed_.size());
        received += read(997);
    }
    received += read_all();
    EXPECT_EQ(received, pushed_);
    EXPECT_GT(refusals, 3);
    EXPECT_EQ(tally_.bytes, pushed_.size());
}

TEST_F(Output, AFrameLargerThanTheKernelGoesOnWhereItWasCut) {
    std::string big;
    for (int i = 0; i < 40'000; ++i) {
        big += std::to_string(i % 10);
    }
    push(big);
    push("tail");
    std::string received;
    while (write() != State::kTaken) {
        received += read(313);
    }
    received += read_all();
    EXPECT_EQ(received, pushed_);
}

TEST_F(Output, DropUnsentForgetsEverythingBeforeTheFirstByte) {
    fill_kernel();
    push("one");
    push("two");
    EXPECT_EQ(write(), State::kFull);
    queue_.drop_unsent();
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
    push("three");
    read_all();
    EXPECT_EQ(write(), State::kTaken);
    EXPECT_EQ(read_all(), "three");
}

TEST_F(Output, DropUnsentKeepsTheFrameThatHasBegun) {
    const std::string begun(1'000'000, 'x');
    push(begun);
    push("never");
    EXPECT_EQ(write(), State::kFull);
    ASSERT_GT(tally_.bytes, 0U);
    queue_.drop_unsent();
    EXPECT_EQ(queue_.frames(), 1U);
    EXPECT_EQ(queue_.bytes(), begun.size() - tally_.bytes);
    push("farewell");
    std::string received;
    while (write() != State::kTaken) {
        received += read(65536);
    }
    received += read_all();
    EXPECT_EQ(received, begun + "farewell");
}

TEST_F(Output, DropUnsentOfAnEmptyQueueDoesNothing) {
    queue_.drop_unsent();
    push("a");
    EXPECT_EQ(write(), State::kTaken);
    queue_.drop_unsent();
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(Output, ReportsAPeerThatIsGone) {
    push("a");
    hang_up();
    EXPECT_EQ(write(), State::kGone);
}

TEST_F(Output, SentFramesAreGivenBackAtOnce) {
    const auto first = hub::make_frame(std::string(100'000, 'a'));
    queue_.push(first);
    push(std::string(100'000, 'b'));
    while (queue_.frames() == 2) {
        static_cast<void>(write());
        read(65536);
    }
    EXPECT_EQ(first->use_count(), 1U);
}

TEST_F(Output, ALongBacklogIsSentAndRefilledManyTimes) {
    std::string received;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 40; ++i) {
            push("event " + std::to_string(round * 40 + i) + "\n");
        }
        static_cast<void>(write());
        received += read(300);
    }
    while (write() != State::kTaken) {
        received += read(300);
    }
    received += read_all();
    EXPECT_EQ(received, pushed_);
    EXPECT_TRUE(queue_.empty());
}

TEST_F(Output, EveryCutOfTheFirstWriteGivesTheSameBytes) {
    // The peer makes room in steps of one more byte each time, so that writes are cut everywhere.
    for (std::size_t step = 1; step < 200; ++step) {
        const auto before = pushed_.size();
        for (int i = 0; i < 20; ++i) {
            push("<" + std::to_string(i) + std::string(step % 37, '.') + ">");
        }
        const auto sent = pushed_.substr(before);
        const auto filled = fill_kernel();
        std::string received;
        while (write() != State::kTaken) {
            received += read(step * 17);
        }
        received += read_all();
        ASSERT_EQ(received.size(), filled + sent.size());
        ASSERT_EQ(received.substr(filled), sent) << "step " << step;
    }
}

TEST_F(Output, ReadDistinguishesBytesNothingAndTheEnd) {
    using ReadState = ByteStream::ReadResult::State;
    std::array<char, 8> buffer{};
    EXPECT_EQ(stream_->read(buffer).state, ReadState::kNothing);
    ASSERT_EQ(::send(sockets_[1], "abc", 3, 0), 3);
    const auto read = stream_->read(buffer);
    EXPECT_EQ(read.state, ReadState::kBytes);
    EXPECT_EQ(std::string_view(buffer.data(), read.bytes), "abc");
    hang_up();
    EXPECT_EQ(stream_->read(buffer).state, ReadState::kEnd);
}

TEST_F(Output, AfterTheEndOfTheOutputThePeerReadsAllOfIt) {
    push("last");
    EXPECT_EQ(write(), State::kTaken);
    stream_->end_output();
    EXPECT_EQ(read(100), "last");
    char byte = 0;
    EXPECT_EQ(::recv(sockets_[1], &byte, 1, MSG_DONTWAIT), 0);
}

TEST_F(Output, AWaitEndsWithAnErrorWhenTheStreamIsClosed) {
    std::optional<boost::system::error_code> outcome;
    stream_->wait_readable([&](boost::system::error_code error) { outcome = error; });
    stream_->close();
    io_.poll();
    EXPECT_EQ(outcome, boost::asio::error::operation_aborted);
}

}  // namespace
}  // namespace howl::transport
