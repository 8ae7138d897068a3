// SPDX-License-Identifier: Apache-2.0
// What one frame costs the WebSocket codec; 140 bytes is the event of the load tests.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "codec/websocket/deflate.hpp"
#include "codec/websocket/message_reader.hpp"

namespace {

using namespace howl::codec::websocket;

constexpr MaskKey kKey{0x37, 0xFA, 0x21, 0x3D};
constexpr std::size_t kEventBytes = 140;

class CountingSink final : public MessageSink {
public:
    Continue on_message(MessageKind /*kind*/, std::string_view payload) override {
        bytes_ += payload.size();
        return Continue::kYes;
    }
    Continue on_ping(std::string_view /*payload*/) override { return Continue::kYes; }
    Continue on_pong(std::string_view /*payload*/) override { return Continue::kYes; }
    void on_close(std::uint16_t /*code*/, std::string_view /*reason*/) override {}

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    std::size_t bytes_ = 0;
};

void encode_event(benchmark::State& state) {
    const std::string event(kEventBytes, 'e');
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode_frame(Opcode::kText, event));
    }
}
BENCHMARK(encode_event);

/// Feeds `frame` again and again, fresh each time because reading unmasks it in place; the copy is
/// part of the figure, as the kernel's would be.
void read_frame(benchmark::State& state, const std::string& frame, std::size_t piece_size) {
    Inflater inflater;
    MessageReader reader{Role::kServer, {}, &inflater};
    CountingSink sink;
    std::string bytes = frame;
    for (auto _ : state) {
        bytes.assign(frame);
        for (std::size_t begin = 0; begin < bytes.size(); begin += piece_size) {
            const std::size_t size = std::min(piece_size, bytes.size() - begin);
            if (!reader.feed(std::span{bytes}.subspan(begin, size), sink)) {
                state.SkipWithError("the frame was refused");
                return;
            }
        }
    }
    benchmark::DoNotOptimize(sink.bytes());
}

void read_event_at_once(benchmark::State& state) {
    read_frame(state, encode_masked_frame(kKey, Opcode::kText, std::string(kEventBytes, 'e')),
               4096);
}
BENCHMARK(read_event_at_once);

void read_event_in_two_pieces(benchmark::State& state) {
    read_frame(state, encode_masked_frame(kKey, Opcode::kText, std::string(kEventBytes, 'e')), 100);
}
BENCHMARK(read_event_in_two_pieces);

void read_compressed_event(benchmark::State& state) {
    const std::string packed = Deflater{}.compress(std::string(kEventBytes, 'e'));
    read_frame(state, encode_masked_frame(kKey, Opcode::kText, packed, Rsv1::kSet), 4096);
}
BENCHMARK(read_compressed_event);

void compress_event(benchmark::State& state) {
    Deflater deflater;
    const std::string event(kEventBytes, 'e');
    for (auto _ : state) {
        benchmark::DoNotOptimize(deflater.compress(event));
    }
}
BENCHMARK(compress_event);

void unmask_64_kib(benchmark::State& state) {
    std::string bytes(64U * 1024, 'x');
    for (auto _ : state) {
        apply_mask(bytes, kKey);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(unmask_64_kib);

}  // namespace

BENCHMARK_MAIN();
