// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafkacpp.h>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "broker/kafka/settings.hpp"

namespace howl::broker::kafka {

/// librdkafka's configuration of a consumer: ours, overridden by the operator's properties file,
/// except for what Howl's promises depend on. Errors: `kInvalidConfig` and those of `read_file`; no
/// value is ever in them.
[[nodiscard]] Result<std::unique_ptr<RdKafka::Conf>> consumer_config(const KafkaSettings& settings);
/// The same of a producer.
[[nodiscard]] Result<std::unique_ptr<RdKafka::Conf>> producer_config(const KafkaSettings& settings);

/// Sets a callback object, which must outlive the client. Errors: `kInvalidConfig`.
template <class Callback>
[[nodiscard]] Result<void> attach(RdKafka::Conf& conf, const char* name, Callback* callback) {
    std::string problem;
    if (conf.set(name, callback, problem) != RdKafka::Conf::CONF_OK) {
        return fail(Errc::kInvalidConfig, "kafka", problem);
    }
    return {};
}

}  // namespace howl::broker::kafka
