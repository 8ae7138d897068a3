// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/wanted_move.hpp"

#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "products/json.hpp"
#include "products/reports/report_json.hpp"
#include "products/uuid.hpp"

namespace howl::compat::reports {

using products::parse_object;
using products::parse_uuid;
using products::string_in;
using products::uuid_bytes;
using products::reports::name_of;
using products::reports::wanted_status_in;

Result<WantedMove> WantedMove::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    auto id = parse_uuid(string_in(object, "id").value_or(""));
    if (!id) {
        return fail(Errc::kBadRequest, "move", "id: it is a UUID");
    }
    HOWL_TRY(to, wanted_status_in(object));
    return WantedMove{std::move(*id), to};
}

std::string WantedMove::text() const {
    return boost::json::serialize(boost::json::object{{"id", report_id}, {"status", name_of(to)}});
}

std::string WantedMove::key() const {
    return uuid_bytes(report_id);
}

}  // namespace howl::compat::reports
