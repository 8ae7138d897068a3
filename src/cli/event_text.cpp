// SPDX-License-Identifier: Apache-2.0
#include "cli/event_text.hpp"

#include <fmt/format.h>

#include "cli/output.hpp"
#include "codec/json_text.hpp"
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
        return codec::json_text(envelope) + "\n";
    }
    const auto text = [&envelope](std::string_view member) {
        return products::string_in(envelope, member).value_or("");
    };
    const bool is_binary = text("encoding") == "base64";
    return fmt::format("{}  {}  {}{}\n", text("time"), one_line(text("topic")),
                       is_binary ? "base64:" : "", indented(text("data")));
}

}  // namespace howl::cli
