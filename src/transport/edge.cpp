// SPDX-License-Identifier: Apache-2.0
#include "transport/edge.hpp"

#include <boost/intrusive/list.hpp>

#include "base/assert.hpp"
#include "telemetry/metrics.hpp"
#include "transport/http/http_connection.hpp"
#include "transport/stream.hpp"

namespace howl::transport {

ConnectionBudget::Permit::Permit(ConnectionBudget& budget) : budget_(&budget) {
    telemetry::adjust(telemetry::Gauge::kConnections, 1);
}

ConnectionBudget::Permit::~Permit() {
    if (budget_ != nullptr) {
        budget_->taken_.fetch_sub(1);
        telemetry::adjust(telemetry::Gauge::kConnections, -1);
    }
}

std::optional<ConnectionBudget::Permit> ConnectionBudget::try_take() {
    if (taken_.fetch_add(1) >= max_) {
        taken_.fetch_sub(1);
        return std::nullopt;
    }
    return Permit{*this};
}

struct Edge::Lists {
    template <class T, class Tag>
    using List = boost::intrusive::list<T, boost::intrusive::base_hook<StreamHook<Tag>>,
                                        boost::intrusive::constant_time_size<false>>;

    List<Stream, TouchedTag> touched;
    List<Stream, OpenTag> open;
    boost::intrusive::list<HttpConnection, boost::intrusive::constant_time_size<false>> http;
    std::size_t open_count = 0;
    std::size_t http_count = 0;
};

Edge::Edge(hub::Hub& hub, const TransportSettings& settings, ConnectionBudget& budget,
           Random& random)
    : hub_(hub),
      settings_(settings),
      budget_(budget),
      random_(random),
      lists_(std::make_unique<Lists>()) {
    hub.shard().add_turn_hook(*this);
}

Edge::~Edge() {
    HOWL_ASSERT(open_count() == 0);
}

const hub::EventEncoder& Edge::deflated(const WebSocketEncoder& plain) {
    return deflated_.try_emplace(&plain, plain, deflater_).first->second;
}

std::size_t Edge::open_count() const {
    return lists_->open_count + lists_->http_count;
}

void Edge::adopt(Stream& stream) {
    lists_->open.push_back(stream);
    ++lists_->open_count;
}

void Edge::release(Stream& stream) {
    static_cast<StreamHook<OpenTag>&>(stream).unlink();
    static_cast<StreamHook<TouchedTag>&>(stream).unlink();
    --lists_->open_count;
}

void Edge::touch(Stream& stream) {
    if (!static_cast<StreamHook<TouchedTag>&>(stream).is_linked()) {
        lists_->touched.push_back(stream);
    }
}

void Edge::adopt(HttpConnection& connection) {
    lists_->http.push_back(connection);
    ++lists_->http_count;
}

void Edge::release(HttpConnection& connection) {
    lists_->http.erase(lists_->http.iterator_to(connection));
    --lists_->http_count;
}

namespace {

/// Brings a stream into the cache while the kernel is busy with the one before it.
void prefetch(const Stream& stream) {
    constexpr std::size_t kCacheLine = 64;
    const auto* bytes = reinterpret_cast<const char*>(&stream);
    for (std::size_t offset = 0; offset < sizeof(Stream); offset += kCacheLine) {
        __builtin_prefetch(bytes + offset);
    }
}

}  // namespace

runtime::TurnHook::Rest Edge::end_of_turn() {
    auto& touched = lists_->touched;
    for (int flushed = 0; !touched.empty() && flushed < kFlushesPerTurnMax; ++flushed) {
        Stream& stream = touched.front();
        touched.pop_front();
        if (!touched.empty()) {
            prefetch(touched.front());
        }
        stream.flush();
    }
    report_output();
    return touched.empty() ? Rest::kNone : Rest::kMore;
}

void Edge::report_output() {
    if (sent_.writes > 0) {
        telemetry::count(telemetry::Counter::kSocketWrites, sent_.writes);
        telemetry::count(telemetry::Counter::kBytesSent, sent_.bytes);
        sent_ = {};
    }
    if (queued_bytes_ != queued_bytes_reported_) {
        telemetry::adjust(telemetry::Gauge::kQueuedBytes, queued_bytes_ - queued_bytes_reported_);
        queued_bytes_reported_ = queued_bytes_;
    }
}

void Edge::drain() {
    draining_ = true;
    for (auto next = lists_->open.begin(); next != lists_->open.end();) {
        Stream& stream = *next++;
        stream.drain();
    }
    for (auto next = lists_->http.begin(); next != lists_->http.end();) {
        HttpConnection& connection = *next++;
        connection.drain();
    }
}

void Edge::shut_all() {
    while (!lists_->open.empty()) {
        lists_->open.front().shut();
    }
    for (auto& connection : lists_->http) {
        connection.shut();
    }
}

}  // namespace howl::transport
