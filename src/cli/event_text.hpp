// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace howl::cli {

/// How commands show events.
enum class EventForm {
    kText,  ///< `TIME  TOPIC  DATA`, binary data as `base64:AP8=`; further lines of the data begin
            ///< with four spaces, so that a line that begins with anything else is the next
            ///< event, whatever the data contains.
    kJson,  ///< The JSON envelope of one event on one line.
};

/// `envelope` is one event with `topic`, `time` and `data`, as the API shows it. The text ends with
/// a line's end.
[[nodiscard]] std::string event_text(const boost::json::object& envelope, EventForm form);

}  // namespace howl::cli
