// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/curl_loop.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace howl::storage::dynamodb {
namespace {

using std::chrono::milliseconds;

/// Nothing is due: how long the thread sleeps. `post` wakes it.
constexpr milliseconds kLongWait{10'000};

bool is_region(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    });
}

std::string url_of(const DynamoSettings& settings) {
    return settings.endpoint.empty()
               ? fmt::format("https://dynamodb.{}.amazonaws.com/", settings.region)
               : settings.endpoint;
}

Error error_of(CURLcode code) {
    // The library's own words for the code; they quote neither request nor credentials.
    const auto errc = code == CURLE_OPERATION_TIMEDOUT ? Errc::kPeerTimeout
                      : code == CURLE_WRITE_ERROR      ? Errc::kMessageTooBig
                                                       : Errc::kPeerClosed;
    return {errc, "dynamodb", curl_easy_strerror(code)};
}

/// Once in the process, before the first thread of ours that uses it.
bool has_library() {
    static const bool kReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return kReady;
}

}  // namespace

struct CurlLoop::Transfer {
    struct EasyEnd {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListEnd {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    /// Called by the library with what has come. Less than `count` ends the transfer.
    static std::size_t take(char* bytes, std::size_t /*always 1*/, std::size_t count, void* self) {
        auto& answer = static_cast<Transfer*>(self)->answer;
        if (answer.size() + count > kAnswerBytesMax) {
            return 0;
        }
        answer.append(bytes, count);
        return count;
    }
    void add_header(const std::string& line) {
        auto* const longer = curl_slist_append(headers.get(), line.c_str());
        static_cast<void>(headers.release());  // It is part of the longer one.
        headers.reset(longer);
    }

    SteadyTime deadline;
    HttpRequest request;
    Answered answered;
    std::string answer{};
    std::unique_ptr<curl_slist, ListEnd> headers{};
    std::unique_ptr<CURL, EasyEnd> easy{curl_easy_init()};
};

Result<void> CurlLoop::check(const DynamoSettings& settings) {
    if (!is_region(settings.region)) {
        return fail(Errc::kInvalidConfig, "dynamodb", "dynamodb.region is not a region's name");
    }
    if (settings.requests_max == 0 || settings.request_time.count() <= 0) {
        return fail(Errc::kInvalidConfig, "dynamodb",
                    "dynamodb.requests and dynamodb.request_time have to be above 0");
    }
    const auto url = url_of(settings);
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return fail(Errc::kInvalidConfig, "dynamodb",
                    "dynamodb.endpoint has to begin with http:// or https://");
    }
    return {};
}

Result<std::unique_ptr<CurlLoop>> CurlLoop::start(const DynamoSettings& settings,
                                                  Credentials credentials, const Clock& clock) {
    HOWL_TRY_VOID(check(settings));
    CURLM* const multi = has_library() ? curl_multi_init() : nullptr;
    if (multi == nullptr) {
        return fail(Errc::kSystem, "dynamodb", "libcurl does not start");
    }
    std::unique_ptr<CurlLoop> loop{new CurlLoop{settings, std::move(credentials), clock, multi}};
    loop->thread_ = std::thread{[raw = loop.get()] { raw->run(); }};
    return loop;
}

CurlLoop::CurlLoop(const DynamoSettings& settings, Credentials credentials, const Clock& clock,
                   CURLM* multi)
    : settings_(settings),
      url_(url_of(settings)),
      signer_(fmt::format("aws:amz:{}:dynamodb", settings.region)),
      credentials_(std::move(credentials)),
      clock_(clock),
      multi_(multi) {
    const auto requests_max = static_cast<long>(settings_.requests_max);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, requests_max);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, requests_max);
}

CurlLoop::~CurlLoop() {
    {
        const MutexLock lock{mutex_};
        stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
    for (const auto& [easy, transfer] : active_) {
        curl_multi_remove_handle(multi_.get(), easy);
    }
}

void CurlLoop::post(Action action) {
    {
        const MutexLock lock{mutex_};
        posted_.push_back(std::move(action));
    }
    curl_multi_wakeup(multi_.get());
}

void CurlLoop::after(milliseconds pause, Action action) {
    timers_.emplace(clock_.steady_now() + pause, std::move(action));
}

void CurlLoop::send(HttpRequest request, Answered answered) {
    auto transfer = std::unique_ptr<Transfer>{new Transfer{
        clock_.steady_now() + request.time_max, std::move(request), std::move(answered)}};
    if (active_.size() < settings_.requests_max) {
        begin(std::move(transfer));
    } else {
        after(transfer->request.time_max, [this] { drop_late(); });
        waiting_.push_back(std::move(transfer));
    }
}

void CurlLoop::drop_late() {
    while (!waiting_.empty() && waiting_.front()->deadline <= clock_.steady_now()) {
        const auto late = std::move(waiting_.front());
        waiting_.pop_front();
        late->answered(fail(Errc::kPeerTimeout, "dynamodb", "it was not sent in time"));
    }
}

void CurlLoop::run() {
    for (;;) {
        std::vector<Action> posted;
        {
            const MutexLock lock{mutex_};
            if (stopping_) {
                return;
            }
            posted.swap(posted_);
        }
        for (auto& action : posted) {
            action();
        }
        run_due();
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        finish_done();
        const auto wait = static_cast<int>(time_to_wait().count());
        curl_multi_poll(multi_.get(), nullptr, 0, wait, nullptr);
    }
}

void CurlLoop::run_due() {
    const auto now = clock_.steady_now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
        auto due = timers_.extract(timers_.begin());
        due.mapped()();
    }
}

milliseconds CurlLoop::time_to_wait() {
    if (timers_.empty()) {
        return kLongWait;
    }
    const auto left = std::chrono::ceil<milliseconds>(timers_.begin()->first - clock_.steady_now());
    return std::clamp(left, milliseconds{0}, kLongWait);
}

void CurlLoop::begin(std::unique_ptr<Transfer> transfer) {
    dress(*transfer);
    CURL* const easy = transfer->easy.get();
    curl_multi_add_handle(multi_.get(), easy);
    active_.emplace(easy, std::move(transfer));
}

void CurlLoop::dress(Transfer& transfer) {
    // None without a value: the library would sign it and not send it.
    transfer.add_header("Content-Type: application/x-amz-json-1.0");
    transfer.add_header(
        fmt::format("X-Amz-Target: DynamoDB_20120810.{}", transfer.request.operation));
    if (!credentials_.session_token.empty()) {
        transfer.add_header(fmt::format("X-Amz-Security-Token: {}", credentials_.session_token));
    }
    CURL* const easy = transfer.easy.get();
    // It may have waited; 0 would mean no bound.
    const auto left = std::chrono::ceil<milliseconds>(transfer.deadline - clock_.steady_now());
    const auto time_max = std::max(1L, static_cast<long>(left.count()));
    curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, time_max);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, time_max);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(transfer.request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer.request.body.data());
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, signer_.c_str());
    curl_easy_setopt(easy, CURLOPT_USERNAME, credentials_.key_id.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, credentials_.secret.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    if (!settings_.endpoint.empty()) {
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");  // A named one is reached as it is named.
    }
}

void CurlLoop::finish_done() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURL* const easy = message->easy_handle;
        const CURLcode code = message->data.result;
        curl_multi_remove_handle(multi_.get(), easy);
        auto done = active_.extract(easy);
        Transfer& transfer = *done.mapped();
        if (!waiting_.empty()) {
            begin(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        if (code != CURLE_OK) {
            transfer.answered(std::unexpected(error_of(code)));
            continue;
        }
        HttpAnswer answer{.body = std::move(transfer.answer)};
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
        transfer.answered(std::move(answer));
    }
}

}  // namespace howl::storage::dynamodb
