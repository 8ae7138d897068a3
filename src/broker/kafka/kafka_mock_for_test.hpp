// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "broker/record.hpp"

namespace howl::broker::kafka {

/// A Kafka cluster in this process, reached over TCP (librdkafka's own mock), and a client that
/// writes and reads there for the test.
class KafkaMock {
public:
    explicit KafkaMock(int brokers = 1) {
        std::array<char, 512> problem{};
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set_log_cb(conf, nullptr);
        host_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem.data(), problem.size()));
        HOWL_ASSERT(host_ != nullptr);
        cluster_.reset(rd_kafka_mock_cluster_new(host_.get(), brokers));
        HOWL_ASSERT(cluster_ != nullptr);
        writer_ = client(RD_KAFKA_PRODUCER, {{"acks", "all"}, {"linger.ms", "1"}});
    }

    [[nodiscard]] std::string brokers() const {
        return rd_kafka_mock_cluster_bootstraps(cluster_.get());
    }
    void create(const std::string& topic, int partitions, int replicas = 1) {
        HOWL_ASSERT(rd_kafka_mock_topic_create(cluster_.get(), topic.c_str(), partitions,
                                               replicas) == RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    void take_down(int broker = 1) { rd_kafka_mock_broker_set_down(cluster_.get(), broker); }
    void bring_up(int broker = 1) { rd_kafka_mock_broker_set_up(cluster_.get(), broker); }
    void lead(const std::string& topic, int partition, int broker) {
        rd_kafka_mock_partition_set_leader(cluster_.get(), topic.c_str(), partition, broker);
    }
    /// The next requests of a kind (`kProduce`, `kFetch`) fail with these errors.
    void fail_next(std::int16_t api, const std::vector<rd_kafka_resp_err_t>& errors) {
        rd_kafka_mock_push_request_errors_array(cluster_.get(), api, errors.size(), errors.data());
    }
    static constexpr std::int16_t kProduce = 0;
    static constexpr std::int16_t kFetch = 1;

    /// Writes values to one partition; returns when they are confirmed.
    void write(const std::string& topic, std::int32_t partition,
               const std::vector<std::string>& values,
               const std::optional<std::string>& key = std::nullopt) {
        const Topic handle{rd_kafka_topic_new(writer_.get(), topic.c_str(), nullptr)};
        for (auto value : values) {
            HOWL_ASSERT(rd_kafka_produce(handle.get(), partition, RD_KAFKA_MSG_F_COPY, value.data(),
                                         value.size(), key ? key->data() : nullptr,
                                         key ? key->size() : 0, nullptr) == 0);
        }
        HOWL_ASSERT(rd_kafka_flush(writer_.get(), kTimeoutMs) == RD_KAFKA_RESP_ERR_NO_ERROR);
    }

    /// Writes a tombstone, with a header that has a name only.
    void write_tombstone(const std::string& topic, std::int32_t partition, const std::string& key) {
        std::array<rd_kafka_vu_t, 6> parts{};
        parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
        parts[0].u.cstr = topic.c_str();
        parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
        parts[1].u.i32 = partition;
        parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
        parts[2].u.i = RD_KAFKA_MSG_F_COPY;
        auto name = key;
        parts[3].vtype = RD_KAFKA_VTYPE_KEY;
        parts[3].u.mem = {name.data(), name.size()};
        parts[4].vtype = RD_KAFKA_VTYPE_VALUE;
        parts[4].u.mem = {nullptr, 0};
        parts[5].vtype = RD_KAFKA_VTYPE_HEADER;
        parts[5].u.header = {"named", nullptr, 0};
        rd_kafka_error_t* const problem =
            rd_kafka_produceva(writer_.get(), parts.data(), parts.size());
        HOWL_ASSERT(problem == nullptr);
        HOWL_ASSERT(rd_kafka_flush(writer_.get(), kTimeoutMs) == RD_KAFKA_RESP_ERR_NO_ERROR);
    }

    /// Reads the first `count` records of a partition.
    [[nodiscard]] std::vector<Record> read(const std::string& topic, std::int32_t partition,
                                           std::size_t count) {
        const auto reader = client(RD_KAFKA_CONSUMER, {{"group.id", "test-reader"}});
        Partitions wanted{rd_kafka_topic_partition_list_new(1)};
        rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), partition)->offset = 0;
        rd_kafka_assign(reader.get(), wanted.get());
        std::vector<Record> records;
        for (int polls = 0; records.size() < count && polls < kTimeoutMs / kPollMs; ++polls) {
            const Message message{rd_kafka_consumer_poll(reader.get(), kPollMs)};
            if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                records.push_back(record_of(*message));
            }
        }
        return records;
    }

    /// What a group has committed; nothing: -1001.
    [[nodiscard]] std::int64_t committed(const std::string& group, const std::string& topic,
                                         std::int32_t partition) {
        const auto reader = client(RD_KAFKA_CONSUMER, {{"group.id", group}});
        Partitions wanted{rd_kafka_topic_partition_list_new(1)};
        rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), partition);
        rd_kafka_committed(reader.get(), wanted.get(), kTimeoutMs);
        return wanted->elems[0].offset;
    }

private:
    static constexpr int kTimeoutMs = 30'000;
    static constexpr int kPollMs = 100;

    struct End {
        void operator()(rd_kafka_t* client) const {
            rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        }
        void operator()(rd_kafka_mock_cluster_t* cluster) const {
            rd_kafka_mock_cluster_destroy(cluster);
        }
        void operator()(rd_kafka_topic_partition_list_t* list) const {
            rd_kafka_topic_partition_list_destroy(list);
        }
        void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
        void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
    };
    using Topic = std::unique_ptr<rd_kafka_topic_t, End>;
    using Client = std::unique_ptr<rd_kafka_t, End>;
    using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, End>;
    using Message = std::unique_ptr<rd_kafka_message_t, End>;

    [[nodiscard]] Client client(rd_kafka_type_t type,
                                const std::vector<std::pair<std::string, std::string>>& settings) {
        std::array<char, 512> problem{};
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set_log_cb(conf, nullptr);
        const auto set = [&](const std::string& name, const std::string& value) {
            HOWL_ASSERT(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), problem.data(),
                                          problem.size()) == RD_KAFKA_CONF_OK);
        };
        set("bootstrap.servers", brokers());
        set("reconnect.backoff.max.ms", "1000");
        for (const auto& [name, value] : settings) {
            set(name, value);
        }
        Client made{rd_kafka_new(type, conf, problem.data(), problem.size())};
        HOWL_ASSERT(made != nullptr);
        if (type == RD_KAFKA_CONSUMER) {
            rd_kafka_poll_set_consumer(made.get());
        }
        return made;
    }

    static Record record_of(const rd_kafka_message_t& message) {
        Record record{.offset = static_cast<std::uint64_t>(message.offset)};
        if (message.payload != nullptr) {
            record.value.emplace(static_cast<const char*>(message.payload), message.len);
        }
        if (message.key != nullptr) {
            record.key.emplace(static_cast<const char*>(message.key), message.key_len);
        }
        rd_kafka_headers_t* headers = nullptr;
        rd_kafka_message_headers(&message, &headers);
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0;
             headers != nullptr && rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
                                       RD_KAFKA_RESP_ERR_NO_ERROR;
             ++i) {
            auto& header = record.headers.emplace_back(name, std::nullopt);
            if (value != nullptr) {
                header.second.emplace(static_cast<const char*>(value), size);
            }
        }
        return record;
    }

    Client host_;
    std::unique_ptr<rd_kafka_mock_cluster_t, End> cluster_;
    Client writer_;
};

}  // namespace howl::broker::kafka
