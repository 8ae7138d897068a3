// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_frame.hpp"

#include <utility>

#include <boost/json/value.hpp>

#include "products/json.hpp"

namespace howl::compat::chat {

using products::object_in;
using products::parse_object;
using products::string_in;

namespace json = boost::json;

namespace {

constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kNameBytesMax = 128;

RelayFrame::Type type_of(std::string_view word) {
    using enum RelayFrame::Type;
    if (word == "send") {
        return kSend;
    }
    if (word == "exit") {
        return kExit;
    }
    if (word == "join") {
        return kJoin;
    }
    if (word == "ping") {
        return kPing;
    }
    return word == "get_users" ? kGetUsers : kOther;
}

/// Gathers what the members of a frame send of its author.
class Identity {
public:
    explicit Identity(const json::object& frame) {
        take_person(frame, "user");
        take_person(frame, "author");
        take(frame, "userId", claim_.id, kIdBytesMax);
        take(frame, "name", claim_.name, kNameBytesMax);
    }
    [[nodiscard]] Assertion assertion() && { return std::move(claim_); }

private:
    /// A name, or an object with a name and an id.
    void take_person(const json::object& frame, std::string_view member) {
        const auto* const person = object_in(frame, member);
        if (person == nullptr) {
            take(frame, member, claim_.name, kNameBytesMax);
            return;
        }
        take(*person, "id", claim_.id, kIdBytesMax);
        take(*person, "name", claim_.name, kNameBytesMax);
    }
    void take(const json::object& from, std::string_view member, std::string& part,
              std::size_t bytes_max) {
        const auto* const value = from.if_contains(member);
        if (value == nullptr || value->is_null()) {
            return;
        }
        const auto text = string_in(from, member);
        if (!text || text->size() > bytes_max) {
            claim_.consistent = false;
        } else if (part.empty()) {
            part = *text;
        } else if (!text->empty() && part != *text) {
            claim_.consistent = false;
        }
    }

    Assertion claim_;
};

}  // namespace

RelayFrame read_relay_frame(std::string_view text) {
    const auto frame = parse_object(text);
    if (!frame) {
        return {};  // The original dies of it; here it is a frame that says nothing.
    }
    return {type_of(string_in(*frame, "type").value_or("")), Identity{*frame}.assertion()};
}

}  // namespace howl::compat::chat
