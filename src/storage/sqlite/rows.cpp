// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/rows.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <zlib.h>

namespace howl::storage::sqlite {
namespace {

/// CRC-32 over fields, each with its length or width before it, so that their borders count.
class Checksum {
public:
    Checksum& number(std::uint64_t value) {
        std::array<unsigned char, 8> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<unsigned char>(value >> (8 * i));
        }
        crc_ = crc32_z(crc_, bytes.data(), bytes.size());
        return *this;
    }
    Checksum& number(std::int64_t value) { return number(static_cast<std::uint64_t>(value)); }
    Checksum& text(std::string_view value) {
        number(std::uint64_t{value.size()});
        if (!value.empty()) {  // To zlib a null pointer is a request for the initial value.
            crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(value.data()), value.size());
        }
        return *this;
    }
    [[nodiscard]] std::int64_t value() const { return static_cast<std::int64_t>(crc_); }

private:
    uLong crc_ = crc32_z(0, nullptr, 0);
};

std::int64_t checksum_of(std::string_view name, const TopicRow& row) {
    const auto& ledger = row.ledger;
    return Checksum{}
        .number(row.id)
        .text(name)
        .number(ledger.last_offset.value())
        .number(ledger.last_sequence.value())
        .number(ledger.evicted_offset.value())
        .number(ledger.evicted_through.value())
        .number(to_ms(ledger.last_time))
        .number(to_ms(row.last_kept))
        .number(to_ms(row.oldest_kept))
        .number(ledger.retention.count_max)
        .number(std::int64_t{ledger.retention.age_max.count()})
        .value();
}

std::int64_t checksum_of(const hub::Event& event, WallTime kept) {
    Checksum sum;
    sum.text(event.topic.text())
        .number(event.offset.value())
        .number(event.sequence.value())
        .number(to_ms(event.time))
        .number(to_ms(kept))
        .text(event.type)
        .text(event.content_type)
        .text(event.data);
    const bool is_binary = event.kind == hub::DataKind::kBinary;
    if (is_binary || event.place.is_shared()) {  // Rows of before have none of these.
        sum.number(std::uint64_t{is_binary ? 1U : 0U})
            .number(std::uint64_t{event.place.index})
            .number(std::uint64_t{event.place.count});
    }
    return sum.value();
}

std::int64_t checksum_of(const ForgottenRow& row) {
    return Checksum{}
        .number(std::uint64_t{row.bucket})
        .number(row.mark.last_offset.value())
        .number(row.mark.last_sequence.value())
        .value();
}

std::int64_t checksum_of(const hub::Record& record) {
    return Checksum{}
        .text(record.key.kind)
        .text(record.key.id)
        .text(record.owner)
        .number(record.version.value())
        .text(record.data)
        .value();
}

}  // namespace

void bind_topic(Query& query, const hub::TopicName& name, const TopicRow& row) {
    const auto& ledger = row.ledger;
    query.integer(1, row.id)
        .text(2, name.text())
        .integer(3, ledger.last_offset.value())
        .integer(4, ledger.last_sequence.value())
        .integer(5, ledger.evicted_offset.value())
        .integer(6, ledger.evicted_through.value())
        .integer(7, to_ms(ledger.last_time))
        .integer(8, to_ms(row.last_kept))
        .integer(9, to_ms(row.oldest_kept))
        .integer(10, ledger.retention.count_max)
        .integer(11, std::int64_t{ledger.retention.age_max.count()})
        .integer(12, checksum_of(name.text(), row));
}

TopicRow unchecked_topic(const Query& query) {
    return {
        .id = query.integer(0),
        .ledger = {.last_offset = Offset{query.number(2)},
                   .last_sequence = Sequence{query.number(3)},
                   .evicted_offset = Offset{query.number(4)},
                   .evicted_through = Sequence{query.number(5)},
                   .last_time = from_ms(query.integer(6)),
                   .retention = {query.number(9), std::chrono::milliseconds{query.integer(10)}}},
        .last_kept = from_ms(query.integer(7)),
        .oldest_kept = from_ms(query.integer(8))};
}

Result<NamedTopicRow> read_topic(const Query& query) {
    const TopicRow row = unchecked_topic(query);
    const auto text = query.bytes(1);
    auto name = hub::TopicName::parse(text);
    if (!name || checksum_of(text, row) != query.integer(11)) {
        return fail(Errc::kDamaged, "read topic",
                    "the row of topic " + std::to_string(row.id) + " is damaged");
    }
    return NamedTopicRow{std::move(*name), row};
}

void bind_forgotten(Query& query, const ForgottenRow& row) {
    query.integer(1, std::uint64_t{row.bucket})
        .integer(2, row.mark.last_offset.value())
        .integer(3, row.mark.last_sequence.value())
        .integer(4, checksum_of(row));
}

Result<ForgottenRow> read_forgotten(const Query& query) {
    const std::uint64_t bucket = query.number(0);
    const ForgottenRow row{static_cast<hub::ForgottenTopics::Bucket>(bucket),
                           {Offset{query.number(1)}, Sequence{query.number(2)}}};
    if (bucket >= hub::ForgottenTopics::kBuckets || checksum_of(row) != query.integer(3)) {
        return fail(Errc::kDamaged, "read forgotten topics",
                    "the row of bucket " + std::to_string(bucket) + " is damaged");
    }
    return row;
}

void bind_event(Query& query, std::int64_t topic_id, const hub::Event& event, WallTime kept) {
    query.integer(1, event.sequence.value())
        .integer(2, topic_id)
        .integer(3, event.offset.value())
        .integer(4, to_ms(event.time))
        .integer(5, to_ms(kept))
        .text(6, event.type)
        .text(7, event.content_type)
        .blob(8, event.data)
        .integer(9, checksum_of(event, kept))
        .integer(10, std::uint64_t{event.kind == hub::DataKind::kBinary ? 1U : 0U})
        .integer(11, std::uint64_t{event.place.index})
        .integer(12, std::uint64_t{event.place.count});
}

namespace {

/// A row that says nonsense is found out by its checksum.
hub::PlaceInGroup place_in(const Query& query) {
    return {static_cast<std::uint16_t>(query.number(10)),
            static_cast<std::uint16_t>(query.number(11))};
}

}  // namespace

Result<EventRow> read_event(const Query& query, const hub::TopicName& name) {
    auto event = std::make_shared<const hub::Event>(
        hub::Event{.topic = name,
                   .offset = Offset{query.number(2)},
                   .sequence = Sequence{query.number(0)},
                   .lane = hub::Lane::kDurable,
                   .time = from_ms(query.integer(3)),
                   .type = std::string{query.bytes(5)},
                   .content_type = std::string{query.bytes(6)},
                   .data = std::string{query.bytes(7)},
                   .kind = query.integer(9) == 0 ? hub::DataKind::kText : hub::DataKind::kBinary,
                   .place = place_in(query)});
    const WallTime kept = from_ms(query.integer(4));
    if (checksum_of(*event, kept) != query.integer(8)) {
        return fail(Errc::kDamaged, "read event",
                    "the row of event " + std::to_string(event->offset.value()) + " of " +
                        name.text() + " is damaged");
    }
    return EventRow{std::move(event), kept};
}

void bind_record(Query& query, const hub::Record& record) {
    query.text(1, record.key.kind)
        .text(2, record.key.id)
        .text(3, record.owner)
        .integer(4, record.version.value())
        .blob(5, record.data)
        .integer(6, checksum_of(record));
}

Result<hub::Record> read_record(const Query& query) {
    hub::Record record{.key = {std::string{query.bytes(0)}, std::string{query.bytes(1)}},
                       .owner = std::string{query.bytes(2)},
                       .version = Version{query.number(3)},
                       .data = std::string{query.bytes(4)}};
    if (checksum_of(record) != query.integer(5)) {
        return fail(
            Errc::kDamaged, "read record",
            "the row of record " + record.key.id + " of kind " + record.key.kind + " is damaged");
    }
    return record;
}

}  // namespace howl::storage::sqlite
