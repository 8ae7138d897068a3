// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace howl::runtime {

using Executor = boost::asio::io_context::executor_type;

/// A suspending function of one shard. It may be cancelled at any `co_await`.
template <class T>
using Task = boost::asio::awaitable<T, Executor>;

/// Completion token: `auto [ec, n] = co_await socket.async_x(..., kAwait);`
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<Executor>> kAwait{};
/// The same for operations of ours that complete with a plain value.
inline constexpr boost::asio::use_awaitable_t<Executor> kAwaitValue{};

/// Suspends until a callback is called: `start` is given the callback, a move-only `void(T)`, and
/// must have it called once, on this shard, in a later turn. Cancel: not forwarded; the task waits
/// for the callback.
template <class T, class Start>
[[nodiscard]] Task<T> completion_of(Start start) {
    auto initiate = [start = std::move(start)](auto callback) mutable {
        start(std::move(callback));
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>,
                                                   void(T)>(std::move(initiate), kAwaitValue);
}

}  // namespace howl::runtime
