// SPDX-License-Identifier: Apache-2.0
#include "transport/http/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <fmt/format.h>
#include <zlib.h>

#include "transport/http/page_policy.hpp"

namespace howl::transport {

namespace fs = std::filesystem;
namespace http = codec::http;

namespace {

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
        std::ifstream in{at->path(), std::ios::binary};
        if (!in) {
            return failed("cannot read " + relative.string());
        }
        found.emplace(relative.generic_string(),
                      std::string{std::istreambuf_iterator<char>{in}, {}});
    }
    if (error) {
        return failed(error.message());
    }
    return found;
}

/// As a browser that opens a page. Without the header everything is taken (RFC 9110 section
/// 12.5.1).
bool takes_html(const http::Request& request) {
    return request.lists("Accept", "text/html") || request.lists("Accept", "*/*") ||
           !request.has_header("Accept");
}

/// Takes the precompressed twin of `name` out of what was found.
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

http::Response StaticFiles::reply(const File& file, const http::Request& request) {
    const bool same = request.header("If-None-Match") == file.etag;
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
    if (!file.brotli.empty() && request.lists("Accept-Encoding", "br")) {
        response.set("Content-Encoding", "br");
        response.set_body(file.brotli);
    } else if (!file.gzip.empty() && request.lists("Accept-Encoding", "gzip")) {
        response.set("Content-Encoding", "gzip");
        response.set_body(file.gzip);
    } else {
        response.set_body(file.bytes);
    }
    return response;
}

void StaticFiles::add_routes(Router& router, const DoorManners& manners) const {
    for (const auto& file : files_) {
        const auto answer = [&file = *file](Exchange& exchange) {
            return ready(reply(file, exchange.request));
        };
        router.add(http::Method::kGet, file->path, manners, answer);
        if (file->path == "/index.html") {
            router.add(http::Method::kGet, "/", manners, answer);
        }
    }
}

Result<Reply> StaticFiles::page_for(const Exchange& exchange, const File& index) {
    const std::string_view below = exchange.wildcard;
    if (!takes_html(exchange.request) || below.substr(below.rfind('/') + 1).contains('.')) {
        return fail(Errc::kNotFound, "page");
    }
    auto response = reply(index, exchange.request);
    response.add("Vary", "Accept");
    return response;
}

void StaticFiles::add_page_routes(Router& router, const DoorManners& manners,
                                  std::span<const std::string_view> paths) const {
    const auto is_index = [](const auto& file) { return file->path == "/index.html"; };
    const auto index = std::ranges::find_if(files_, is_index);
    if (index == files_.end()) {
        return;
    }
    const auto answer = [&file = **index](Exchange& exchange) {
        return ready(page_for(exchange, file));
    };
    for (const auto path : paths) {
        for (const std::string_view below : {"", "/", "/*"}) {
            router.add(http::Method::kGet, fmt::format("{}{}", path, below), manners, answer);
        }
    }
}

}  // namespace howl::transport
