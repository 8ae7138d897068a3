// SPDX-License-Identifier: Apache-2.0
#include "cli/dynamo_session.hpp"

#include "storage/dynamodb/credentials.hpp"

namespace howl::cli {

namespace dynamodb = storage::dynamodb;

Result<std::unique_ptr<DynamoSession>> DynamoSession::open(
    const dynamodb::DynamoSettings& settings) {
    HOWL_TRY(credentials,
             dynamodb::load_credentials(settings.credentials_file, &dynamodb::process_environment));
    std::unique_ptr<DynamoSession> session{new DynamoSession};
    HOWL_TRY(loop, dynamodb::CurlLoop::start(settings, std::move(credentials), session->clock_));
    session->loop_ = std::move(loop);
    session->calls_.emplace(*session->loop_, session->clock_, session->random_, settings);
    return session;
}

void DynamoSession::wait_for_turn() {
    std::promise<void> promise;
    auto done = promise.get_future();
    loop_->post([promise = std::move(promise)]() mutable { promise.set_value(); });
    done.wait();
}

}  // namespace howl::cli
