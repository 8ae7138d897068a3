// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace howl::cli {
namespace {

/// The error's number, or 0.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return 0;
}

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

/// The characters that `escape_controls` lists.
bool is_control(char32_t letter) {
    constexpr char32_t kDelete = 0x7F;
    constexpr char32_t kLastC1 = 0x9F;
    return (letter < U' ' && letter != U'\n' && letter != U'\t') ||
           (letter >= kDelete && letter <= kLastC1) || (letter >= 0x2028 && letter <= 0x202E) ||
           (letter >= 0x2066 && letter <= 0x2069);
}

std::string escaped(char32_t letter) {
    const auto number = static_cast<std::uint32_t>(letter);
    return number <= 0xFF ? fmt::format("\\x{:02X}", number) : fmt::format("\\u{:04X}", number);
}

/// The first character of `text`, which is not empty.
struct Character {
    char32_t letter;
    std::size_t size;
    bool valid;
};

Character first_of(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const auto bytes = text.substr(0, size);
    if (!is_valid_utf8(bytes)) {
        return {lead, 1, false};
    }
    constexpr unsigned kTailBits = 6;
    char32_t letter = size == 1 ? lead : lead & (0x7FU >> size);
    for (const char tail : bytes.substr(1)) {
        letter = (letter << kTailBits) | (static_cast<std::uint8_t>(tail) & 0x3FU);
    }
    return {letter, size, true};
}

}  // namespace

void occupy_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            // It gets the lowest free number, which is this one; writes to it fail.
            static_cast<void>(::open("/dev/null", O_RDONLY));
        }
    }
}

bool can_write_errors() {
    return (::fcntl(STDERR_FILENO, F_GETFL) & O_ACCMODE) != O_RDONLY && std::ferror(stderr) == 0;
}

Result<void> write_output(std::string_view text, Controls controls) {
    const bool as_it_is = controls == Controls::kRaw || !is_terminal(STDOUT_FILENO);
    const int error =
        write_all(STDOUT_FILENO, as_it_is ? std::string{text} : escape_controls(text));
    if (error != 0) {
        return fail(Errc::kSystem, "write",
                    fmt::format("cannot write to standard output: {}",
                                std::generic_category().message(error)));
    }
    return {};
}

int finish(std::string_view command, std::string_view text) {
    const auto written = write_output(text);
    return written ? kDone : fail_with(command, user_text_of(written.error()));
}

void print_error(std::string_view command, std::string_view why) {
    std::string lines;
    while (!why.empty()) {
        const auto line = why.substr(0, why.find('\n'));
        why.remove_prefix(std::min(why.size(), line.size() + 1));
        lines += fmt::format("{}: {}\n", command, line);
    }
    static_cast<void>(
        write_all(STDERR_FILENO, is_terminal(STDERR_FILENO) ? escape_controls(lines) : lines));
}

int fail_with(std::string_view command, std::string_view why, int status) {
    print_error(command, why);
    return status;
}

std::string escape_controls(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto [letter, size, valid] = first_of(text);
        if (valid && !is_control(letter)) {
            out += text.substr(0, size);
        } else {
            out += escaped(letter);
        }
        text.remove_prefix(size);
    }
    return out;
}

std::string one_line(std::string_view text) {
    std::string out;
    for (const char letter : escape_controls(text)) {
        out += letter == '\n' || letter == '\t' ? escaped(static_cast<unsigned char>(letter))
                                                : std::string{letter};
    }
    return out;
}

std::string user_text_of(const Error& error) {
    const bool is_sentence = error.code == Errc::kSystem || error.code == Errc::kInvalidConfig;
    return is_sentence && !error.detail.empty() ? error.detail : error.describe();
}

}  // namespace howl::cli
