// SPDX-License-Identifier: Apache-2.0
// librdkafka's mock cluster as a program of its own, for tests where no real Kafka can be had.
//
//   mock_kafka [BROKERS]
//
// Prints its bootstrap addresses on one line and runs until its input ends. It makes topics that
// are asked for, with four partitions; it keeps about 5 MB of each partition, in memory. Its input
// takes one command on each line and answers with `ok` or `error: ...`:
//
//   create TOPIC PARTITIONS     down BROKER     up BROKER     leader TOPIC PARTITION BROKER
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <memory>
#include <sstream>
#include <string>

namespace {

constexpr int kBrokersMax = 9;

struct ClientEnd {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
};
struct ClusterEnd {
    void operator()(rd_kafka_mock_cluster_t* cluster) const {
        rd_kafka_mock_cluster_destroy(cluster);
    }
};
using Client = std::unique_ptr<rd_kafka_t, ClientEnd>;
using Cluster = std::unique_ptr<rd_kafka_mock_cluster_t, ClusterEnd>;

rd_kafka_resp_err_t execute(rd_kafka_mock_cluster_t* cluster, const std::string& line) {
    std::istringstream words{line};
    std::string verb;
    std::string topic;
    int broker = 0;
    int partition = 0;
    words >> verb;
    if (verb == "create" && words >> topic >> partition && partition > 0) {
        return rd_kafka_mock_topic_create(cluster, topic.c_str(), partition, 1);
    }
    if (verb == "down" && words >> broker) {
        return rd_kafka_mock_broker_set_down(cluster, broker);
    }
    if (verb == "up" && words >> broker) {
        return rd_kafka_mock_broker_set_up(cluster, broker);
    }
    if (verb == "leader" && words >> topic >> partition >> broker) {
        return rd_kafka_mock_partition_set_leader(cluster, topic.c_str(), partition, broker);
    }
    return RD_KAFKA_RESP_ERR__INVALID_ARG;
}

}  // namespace

int main(int argc, char** argv) {
    const int brokers = argc > 1 ? std::clamp(std::atoi(argv[1]), 1, kBrokersMax) : 1;
    std::array<char, 512> problem{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);  // It would log that it has no brokers.
    const Client client{rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem.data(), problem.size())};
    if (!client) {
        std::cerr << "mock_kafka: " << problem.data() << '\n';
        return 1;
    }
    const Cluster cluster{rd_kafka_mock_cluster_new(client.get(), brokers)};
    if (!cluster) {
        std::cerr << "mock_kafka: no mock cluster\n";
        return 1;
    }
    std::cout << rd_kafka_mock_cluster_bootstraps(cluster.get()) << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const auto outcome = execute(cluster.get(), line);
        std::cout << (outcome == RD_KAFKA_RESP_ERR_NO_ERROR
                          ? std::string{"ok"}
                          : std::string{"error: "} + rd_kafka_err2str(outcome))
                  << std::endl;
    }
    return 0;
}
