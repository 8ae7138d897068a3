// SPDX-License-Identifier: Apache-2.0
// Any bytes as a list-valued field, and as what clients prefer: no crash, and the members are
// pieces of the field, in order.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/http/field_list.hpp"
#include "codec/http/preferences.hpp"
#include "codec/json_text.hpp"
#include "require.hpp"

namespace http = howl::codec::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const char* end_of_last = text.data();
    http::FieldList list{text};
    while (const auto member = list.next()) {
        const auto weight = http::weight_of(*member);
        require(!weight || *weight <= http::kFullWeight);
        if (member->value.empty()) {
            require(!member->parameters.empty());
            continue;
        }
        require(member->value.data() >= end_of_last);
        end_of_last = member->value.data() + member->value.size();
        require(end_of_last <= text.data() + text.size());
        require(http::list_contains(text, member->value));
    }
    http::Request request;
    for (const char* name : {"Accept", "Accept-Encoding", "If-None-Match"}) {
        request.headers.push_back({name, std::string{text}});
    }
    constexpr std::array<std::string_view, 2> kCodings{"br", "gzip"};
    const auto coding = http::best_coding(request, kCodings);
    require(coding.empty() || coding == "br" || coding == "gzip");
    static_cast<void>(http::takes_type(request, "text/html"));
    static_cast<void>(http::has_etag(request, "W/\"a\""));
    require(!howl::codec::escape_separators(std::string{text}).contains("\xE2\x80\xA8"));
    return 0;
}
