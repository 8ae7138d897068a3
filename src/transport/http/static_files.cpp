// SPDX-License-Identifier: Apache-2.0
#include "transport/http/static_files.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <fmt/format.h>
#include <zlib.h>

#include "base/file.hpp"
#include "codec/http/preferences.hpp"
#include "telemetry/metrics.hpp"
#include "transport/http/page_policy.hpp"

namespace howl::transport {

namespace fs = std::filesystem;
namespace http = codec::http;

namespace {

constexpr std::string_view kBrotli = "br";
constexpr std::string_view kGzip = "gzip";

std::string_view content_type_of(const fs::path& file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".wasm", "application/wasm"},
    }};
    const auto extension = file.extension().string();
    const auto known = std::ranges::find(kTypes, extension, &decltype(kTypes)::value_type::first);
    return known == kTypes.end() ? "application/octet-stream" : known->second;
}

/// Weak, since the compressed twins share it (RFC 9110 section 8.8.3.3).
std::string etag_of(std::string_view bytes) {
    const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    return fmt::format("W/\"{:08x}-{:x}\"", checksum, bytes.size());
}

bool is_hidden(const fs::path& relative) {
    return std::ranges::any_of(relative,
                               [](const fs::path& part) { return part.string().starts_with('.'); });
}

Result<std::map<std::string, std::string>> read_folder(const fs::path& folder) {
    const auto failed = [&](const std::string& why) {
        return fail(Errc::kInvalidConfig, "static files", folder.string() + ": " + why);
    };
    std::map<std::string, std::string> found;
    std::size_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at{folder, error}, end; !error && at != end;
         at.increment(error)) {
        const auto relative = at->path().lexically_relative(folder);
        if (at->is_symlink(error) || !at->is_regular_file(error) || is_hidden(relative)) {
            continue;
        }
        bytes += at->file_size(error);
        if (bytes > StaticFiles::kBytesMax || found.size() == StaticFiles::kFilesMax) {
            return failed("more than 64 MiB or 5000 files");
        }
        HOWL_TRY(text, read_file(at->path(), StaticFiles::kBytesMax));
        found.emplace(relative.generic_string(), std::move(text));
    }
    if (error) {
        return failed(error.message());
    }
    return found;
}

/// A browser that opens a page names text/html in Accept. Programs that accept anything get an
/// error that they can parse.
bool opens_a_page(const http::Request& request) {
    return boost::algorithm::icontains(http::combined(request, "Accept"), "text/html") &&
           http::takes_type(request, "text/html");
}

bool names_a_file(std::string_view path) {
    return path.substr(path.rfind('/') + 1).contains('.');
}

/// Moves the precompressed twin of `name` out of `found`; empty where there is none.
std::string take_twin(std::map<std::string, std::string>& found, const std::string& name) {
    const auto twin = found.find(name);
    return twin == found.end() ? std::string{} : std::exchange(twin->second, {});
}

bool is_twin(const std::map<std::string, std::string>& found, std::string_view name) {
    for (const std::string_view ending : {".gz", ".br"}) {
        if (name.ends_with(ending) &&
            found.contains(std::string{name.substr(0, name.size() - ending.size())})) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const fs::path& folder) {
    HOWL_TRY(found, read_folder(folder));
    StaticFiles out;
    for (auto& [name, bytes] : found) {
        if (is_twin(found, name)) {
            continue;
        }
        auto file = std::make_unique<File>();
        file->path = "/" + boost::urls::encode(name, boost::urls::pchars + '/');
        file->content_type = content_type_of(name);
        file->etag = etag_of(bytes);
        file->gzip = take_twin(found, name + ".gz");
        file->brotli = take_twin(found, name + ".br");
        if (file->content_type.starts_with("text/html")) {
            file->policy = page_policy(bytes);
        }
        file->bytes = std::move(bytes);
        out.files_.push_back(std::move(file));
    }
    return out;
}

std::span<const std::string_view> StaticFiles::codings_of(const File& file) {
    static constexpr std::array kBoth{kBrotli, kGzip};
    const std::span all{kBoth};
    if (file.brotli.empty()) {
        return file.gzip.empty() ? all.first(0) : all.last(1);
    }
    return file.gzip.empty() ? all.first(1) : all;
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
    const auto found =
        std::ranges::find_if(files_, [&](const auto& file) { return file->path == path; });
    return found == files_.end() ? nullptr : found->get();
}

std::vector<std::string> StaticFiles::pages() const {
    std::vector<std::string> out;
    if (const auto* list = find("/pages.txt")) {
        std::istringstream lines{list->bytes};
        for (std::string line; std::getline(lines, line);) {
            if (line.size() > 1 && line.starts_with('/')) {
                out.push_back(line);
            }
        }
    }
    return out;
}

http::Response StaticFiles::reply(const File& file, const http::Request& request) {
    const bool same = http::has_etag(request, file.etag);
    http::Response response{static_cast<std::uint16_t>(same ? 304 : 200)};
    response.set("ETag", file.etag);
    response.set("Vary", "Accept-Encoding");
    response.set("Cache-Control", file.path.starts_with("/assets/")
                                      ? "public, max-age=31536000, immutable"
                                      : "no-cache");
    if (!file.policy.empty()) {
        set_page_headers(response, file.policy);
    }
    if (same) {
        return response;
    }
    response.set("Content-Type", file.content_type);
    const auto coding = http::best_coding(request, codings_of(file));
    if (!coding.empty()) {
        response.set("Content-Encoding", coding);
    }
    response.set_body(coding == kBrotli ? file.brotli : coding == kGzip ? file.gzip : file.bytes);
    return response;
}

void StaticFiles::add_routes(Router& router, const ResponsePolicy& response_policy) const {
    for (const auto& file : files_) {
        const auto answer = [&file = *file](Exchange& exchange) {
            return ready(reply(file, exchange.request));
        };
        router.add_public(http::Method::kGet, file->path, response_policy, answer);
        if (file->path == "/index.html") {
            router.add_public(http::Method::kGet, "/", response_policy, answer);
        }
    }
}

Result<Reply> StaticFiles::page_for(const Exchange& exchange, const File& index) {
    if (!http::takes_type(exchange.request, "text/html") || names_a_file(exchange.wildcard)) {
        return fail(Errc::kNotFound, "page");
    }
    auto response = reply(index, exchange.request);
    response.add("Vary", "Accept");
    return response;
}

Result<Reply> StaticFiles::no_page(const Exchange& exchange, const File& index) {
    if (!opens_a_page(exchange.request) || names_a_file(exchange.request.path)) {
        return fail(Errc::kNotFound, "page");
    }
    telemetry::count(Errc::kNotFound);
    http::Response response{404};
    response.set("Cache-Control", "no-store");
    set_page_headers(response, index.policy);
    response.set("Content-Type", index.content_type);
    response.set_body(index.bytes);
    return response;
}

void StaticFiles::add_page_routes(Router& router, const ResponsePolicy& response_policy) const {
    const auto* index = find("/index.html");
    if (index == nullptr) {
        return;
    }
    const auto answer = [index](Exchange& exchange) { return ready(page_for(exchange, *index)); };
    for (const auto& path : pages()) {
        for (const std::string_view below : {"", "/", "/*"}) {
            router.add_public(http::Method::kGet, fmt::format("{}{}", path, below), response_policy,
                              answer);
        }
    }
    router.set_fallback(response_policy,
                        [index](Exchange& exchange) { return ready(no_page(exchange, *index)); });
}

}  // namespace howl::transport
