// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <curl/curl.h>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "storage/dynamodb/credentials.hpp"
#include "storage/dynamodb/request_loop.hpp"
#include "storage/dynamodb/settings.hpp"

namespace howl::storage::dynamodb {

/// The loop over libcurl: one thread, one multi handle with kept connections, requests signed with
/// SigV4 by the library.
///
/// Thread: `post` any; the others the loop's own, which begins with `start`.
/// Limits: `requests_max` at the same time; more wait in the order of the calls. An answer is at
/// most `kAnswerBytesMax`.
class CurlLoop final : public RequestLoop {
public:
    /// `kMessageTooBig`. DynamoDB's pages are 1 MB, and JSON may make them several times longer.
    static constexpr std::size_t kAnswerBytesMax = std::size_t{16} * 1024 * 1024;

    /// Errors: `kInvalidConfig` (endpoint, region, a bound of 0).
    [[nodiscard]] static Result<void> check(const DynamoSettings& settings);
    /// Errors: those of `check`, `kSystem`.
    [[nodiscard]] static Result<std::unique_ptr<CurlLoop>> start(const DynamoSettings& settings,
                                                                 Credentials credentials,
                                                                 const Clock& clock);
    /// Ends the thread; what is posted or under way is dropped without an answer.
    ~CurlLoop() override;
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    void post(Action action) override;
    void after(std::chrono::milliseconds pause, Action action) override;
    void send(HttpRequest request, Answered answered) override;

private:
    struct Transfer;
    struct MultiEnd {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };

    CurlLoop(const DynamoSettings& settings, Credentials credentials, const Clock& clock,
             CURLM* multi);

    void run();
    void run_due();
    [[nodiscard]] std::chrono::milliseconds time_to_wait();
    void begin(std::unique_ptr<Transfer> transfer);
    void finish_done();
    /// Answers those that wait for a connection and whose time is over.
    void drop_late();
    void dress(Transfer& transfer);

    // Constant after construction.
    const DynamoSettings settings_;
    const std::string url_;
    const std::string signer_;
    const Credentials credentials_;
    const Clock& clock_;
    // The loop's. The multi handle goes after the transfers.
    std::unique_ptr<CURLM, MultiEnd> multi_;
    std::map<CURL*, std::unique_ptr<Transfer>> active_;
    std::deque<std::unique_ptr<Transfer>> waiting_;
    std::multimap<SteadyTime, Action> timers_;
    Mutex mutex_;
    std::vector<Action> posted_ HOWL_GUARDED_BY(mutex_);
    bool stopping_ HOWL_GUARDED_BY(mutex_) = false;

    std::thread thread_;
};

}  // namespace howl::storage::dynamodb
