// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "codec/http/response.hpp"

namespace howl::transport {

/// The Content-Security-Policy of a page of ours (CSP level 3): everything from this server alone,
/// no frames and no forms, and of the scripts in the page itself only those that stand in `html`
/// now, each by its hash.
[[nodiscard]] std::string page_policy(std::string_view html);

/// Sets the headers of every page: `policy`, and those that isolate it from other sites.
void set_page_headers(codec::http::Response& response, std::string_view policy);

}  // namespace howl::transport
