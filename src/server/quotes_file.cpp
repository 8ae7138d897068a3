// SPDX-License-Identifier: Apache-2.0
#include "server/quotes_file.hpp"

#include "base/file.hpp"

namespace howl::server {

Result<products::wisdom::Quotes> quotes_of(const Config& config) {
    if (config.wisdom_quotes.empty()) {
        return products::wisdom::parse_quotes(products::wisdom::built_in_quotes());
    }
    HOWL_TRY(text, read_file(config.wisdom_quotes));
    return products::wisdom::parse_quotes(text);
}

}  // namespace howl::server
