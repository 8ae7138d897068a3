// SPDX-License-Identifier: Apache-2.0
#include "loadtest/load_client.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace howl::loadtest {
namespace {

/// The text after `key` up to the first of `ends`.
std::string_view text_between(std::string_view event, std::string_view key, std::string_view ends) {
    const std::size_t position = event.find(key);
    if (position == std::string_view::npos) {
        return {};
    }
    event.remove_prefix(position + key.size());
    return event.substr(0, std::min(event.find_first_of(ends), event.size()));
}

}  // namespace

std::string resume_query(std::string_view event) {
    const std::string_view epoch = text_between(event, R"("epoch":")", "\"");
    const std::string_view offset = text_between(event, R"("offset":)", ",} ");
    return epoch.empty() || offset.empty() ? std::string{}
                                           : fmt::format("?after={}&epoch={}", offset, epoch);
}

Result<std::unique_ptr<LoadClient>> LoadClient::create(LoadClientOptions options) {
    HOWL_TRY(poller, create_poller());
    return std::unique_ptr<LoadClient>{new LoadClient{std::move(options), std::move(poller)}};
}

LoadClient::LoadClient(LoadClientOptions options, Descriptor poller)
    : ConnectionCrowd(std::move(options.crowd), std::move(poller)),
      topic_(std::move(options.topic)),
      cursors_(options.cursors),
      readers_(size()) {}

std::size_t LoadClient::readers_at(std::uint64_t number) const noexcept {
    return static_cast<std::size_t>(std::ranges::count(readers_, number, &Reader::last_number));
}

std::string LoadClient::request_for(ConnectionIndex index) const {
    const std::string& cursor = readers_[index.value()].cursor;
    if (options().transport == Transport::kWebSocket) {
        return websocket_request(fmt::format("/api/topics/{}/ws{}", topic_, cursor));
    }
    return fmt::format(
        "GET /api/topics/{}/events HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n{}\r\n",
        topic_, options().endpoint.authority,
        cursor.empty() ? std::string{} : fmt::format("Last-Event-ID: {}\r\n", cursor));
}

void LoadClient::on_message(ConnectionIndex index, const WsFrame& frame, std::string_view whole) {
    // Searched in the whole frame, so that the position is valid for the baseline's copy of it too.
    const auto stamp = finder_.find(whole);
    if (!stamp) {
        ++counts_.unstamped;
        counts_.resets += frame.payload.contains(R"("reset")") ? 1U : 0U;
        return;
    }
    if (cursors_ == CursorUse::kResume) {
        readers_[index.value()].cursor = resume_query(frame.payload);
    }
    on_stamped(index, *stamp, whole);
}

void LoadClient::on_block(ConnectionIndex index, const SseBlock& block, std::string_view whole) {
    if (cursors_ == CursorUse::kResume && !block.id.empty()) {
        readers_[index.value()].cursor = block.id;
    }
    if (!block.data) {
        return;
    }
    const auto stamp = finder_.find(whole);
    if (!stamp) {
        ++counts_.unstamped;
        counts_.resets += block.event == "reset" ? 1U : 0U;
        return;
    }
    on_stamped(index, *stamp, whole);
}

void LoadClient::on_stamped(ConnectionIndex index, const Stamp& stamp, std::string_view whole) {
    if (sample_.empty()) {
        sample_ = whole;
    }
    ++counts_.events;
    Reader& reader = readers_[index.value()];
    if (stamp.number <= reader.last_number) {
        ++counts_.repeats;
        return;
    }
    // A reader without any event yet may have connected late.
    if (reader.last_number != 0) {
        counts_.skipped += stamp.number - reader.last_number - 1;
    }
    reader.last_number = stamp.number;
    if (is_stalling(index)) {
        return;
    }
    ++flowing_events_;
    if (latencies_ != nullptr) {
        latencies_->record(read_nanos() - std::min(read_nanos(), stamp.nanos));
    }
}

}  // namespace howl::loadtest
