// SPDX-License-Identifier: Apache-2.0
#include "transport/output_queue.hpp"

#include <array>
#include <string>
#include <sys/socket.h>
#include <type_traits>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace howl::transport {
namespace {

static_assert(!std::is_copy_constructible_v<OutputQueue>);
static_assert(sizeof(OutputQueue) <= 72, "every idle connection holds one");

using Written = OutputQueue::Written;

/// A queue, a socket with the least room that the kernel gives, and the peer behind it.
class Output : public ::testing::Test {
protected:
    Output() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_.data()), 0);
        const int least = 1;
        ::setsockopt(sockets_[0], SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
    }
    ~Output() override {
        hang_up();
        ::close(sockets_[0]);
    }

    void push(std::string bytes) {
        pushed_ += bytes;
        queue_.push(hub::make_frame(std::move(bytes)));
    }
    Written write() { return queue_.write_to(sockets_[0], tally_); }
    /// Takes at most `bytes` off the kernel, as a peer that reads slowly.
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

    OutputQueue queue_;
    OutputQueue::Tally tally_;
    std::string pushed_;
    std::array<int, 2> sockets_{-1, -1};
};

TEST_F(Output, OneFrameLeavesInOneWrite) {
    push("data: a\n\n");
    EXPECT_EQ(write(), Written::kAll);
    EXPECT_EQ(read_all(), "data: a\n\n");
    EXPECT_EQ(tally_.writes, 1U);
    EXPECT_EQ(tally_.bytes, 9U);
}

TEST_F(Output, ManyFramesLeaveInOrderInOneGatheredWrite) {
    for (int i = 0; i < 64; ++i) {
        push("frame " + std::to_string(i) + "\n");
    }
    EXPECT_EQ(write(), Written::kAll);
    EXPECT_EQ(read_all(), pushed_);
    EXPECT_EQ(tally_.writes, 1U);
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(Output, AnEmptyFrameIsNothing) {
    push("");
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(write(), Written::kAll);
    EXPECT_EQ(tally_.writes, 0U);
    push("a");
    push("");
    push("b");
    EXPECT_EQ(queue_.frames(), 2U);
    EXPECT_EQ(write(), Written::kAll);
    EXPECT_EQ(read_all(), "ab");
}

TEST_F(Output, NothingIsLostOrMovedWhenTheKernelTakesPieces) {
    for (int i = 0; i < 300; ++i) {
        push(std::string(static_cast<std::size_t>(i * 7 % 311 + 1),
                         static_cast<char>('a' + i % 26)));
    }
    std::string received;
    int refusals = 0;
    while (write() != Written::kAll) {
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
    while (write() != Written::kAll) {
        received += read(313);
    }
    received += read_all();
    EXPECT_EQ(received, pushed_);
}

TEST_F(Output, DropUnsentForgetsEverythingBeforeTheFirstByte) {
    fill_kernel();
    push("one");
    push("two");
    EXPECT_EQ(write(), Written::kKernelFull);
    queue_.drop_unsent();
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
    push("three");
    read_all();
    EXPECT_EQ(write(), Written::kAll);
    EXPECT_EQ(read_all(), "three");
}

TEST_F(Output, DropUnsentKeepsTheFrameThatHasBegun) {
    const std::string begun(1'000'000, 'x');
    push(begun);
    push("never");
    EXPECT_EQ(write(), Written::kKernelFull);
    ASSERT_GT(tally_.bytes, 0U);
    queue_.drop_unsent();
    EXPECT_EQ(queue_.frames(), 1U);
    EXPECT_EQ(queue_.bytes(), begun.size() - tally_.bytes);
    push("farewell");
    std::string received;
    while (write() != Written::kAll) {
        received += read(65536);
    }
    received += read_all();
    EXPECT_EQ(received, begun + "farewell");
}

TEST_F(Output, DropUnsentOfAnEmptyQueueIsNothing) {
    queue_.drop_unsent();
    push("a");
    EXPECT_EQ(write(), Written::kAll);
    queue_.drop_unsent();
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(Output, APeerThatIsGoneIsSaid) {
    push("a");
    hang_up();
    EXPECT_EQ(write(), Written::kPeerGone);
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
    while (write() != Written::kAll) {
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
        while (write() != Written::kAll) {
            received += read(step * 17);
        }
        received += read_all();
        ASSERT_EQ(received.size(), filled + sent.size());
        ASSERT_EQ(received.substr(filled), sent) << "step " << step;
    }
}

}  // namespace
}  // namespace howl::transport
