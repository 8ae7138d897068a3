// SPDX-License-Identifier: Apache-2.0
#include "cli/event_text.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "products/json.hpp"

namespace howl::cli {
namespace {

constexpr std::string_view kFurtherLine = "\n    ";

std::string indented(std::string_view data) {
    std::string out;
    for (const char letter : data) {
        if (letter == '\n') {
            out += kFurtherLine;
        } else {
            out += letter;
        }
    }
    return out;
}

}  // namespace

std::string event_text(const boost::json::object& envelope, EventForm form) {
    if (form == EventForm::kJson) {
        return boost::json::serialize(envelope) + "\n";
    }
    const auto text = [&envelope](std::string_view member) {
        return products::string_in(envelope, member).value_or("");
    };
    return fmt::format("{}  {}  {}\n", text("time"), text("topic"), indented(text("data")));
}

}  // namespace howl::cli
