// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "transport/http/router.hpp"

namespace howl::transport {

/// A folder of files, read once at start and served from memory.
///
/// Each file becomes a route of its own, so no request's path is ever turned into a file's: `..`,
/// encoded slashes and links have nothing to reach. A file `app.js.br` or `app.js.gz` beside
/// `app.js` is sent in its place to clients that take it. `/index.html` is also `/`.
///
/// Names under `/assets/` carry a hash of their content (Vite's layout) and may be cached for ever;
/// everything else is revalidated with its `ETag`.
///
/// Left out: hidden files, links, and everything else that is no regular file. Absent on purpose:
/// ranges, listings.
/// Limits: `kBytesMax` in all, `kFilesMax` files; more is a mistake in the configuration.
class StaticFiles {
public:
    static constexpr std::size_t kBytesMax = std::size_t{64} * 1024 * 1024;
    static constexpr std::size_t kFilesMax = 5000;

    /// Errors: `kInvalidConfig` where the folder can't be read or is over a limit; those of
    /// `read_file`.
    [[nodiscard]] static Result<StaticFiles> load(const std::filesystem::path& folder);

    /// The files and `response_policy` outlive the router.
    void add_routes(Router& router, const ResponsePolicy& response_policy) const;

    /// `/index.html` is also at the pages that `/pages.txt` lists, one path such as `/chat` a line,
    /// and at everything below them: the page's own router decides what to show. A client that
    /// accepts no HTML, and a path that looks like the name of a file, get 404.
    ///
    /// A browser that opens an unknown path gets `/index.html` with status 404, and the page shows
    /// the error.
    void add_page_routes(Router& router, const ResponsePolicy& response_policy) const;

private:
    struct File {
        std::string path;  ///< Of the URL, percent-encoded.
        std::string_view content_type;
        std::string etag;
        std::string bytes;
        std::string gzip;    ///< Empty: there is none.
        std::string brotli;  ///< Empty: there is none.
        std::string policy;  ///< Content-Security-Policy of a page; empty: it is none.
    };

    /// The codings that `file` has a twin for, the best first.
    [[nodiscard]] static std::span<const std::string_view> codings_of(const File& file);
    [[nodiscard]] static codec::http::Response reply(const File& file,
                                                     const codec::http::Request& request);
    [[nodiscard]] static Result<Reply> page_for(const Exchange& exchange, const File& index);
    [[nodiscard]] static Result<Reply> no_page(const Exchange& exchange, const File& index);
    [[nodiscard]] const File* find(std::string_view path) const;
    /// The paths in the build's `/pages.txt`.
    [[nodiscard]] std::vector<std::string> pages() const;

    std::vector<std::unique_ptr<const File>> files_;
};

}  // namespace howl::transport
