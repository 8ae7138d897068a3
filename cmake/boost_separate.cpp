// SPDX-License-Identifier: Apache-2.0
// The one file that holds the compiled parts of Asio and Beast.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
