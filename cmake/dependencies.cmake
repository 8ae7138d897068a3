# SPDX-License-Identifier: Apache-2.0
# Everything comes from Debian 12; `./dev` installs it.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CURL 7.88 REQUIRED)  # SigV4 that signs our own headers.
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka rdkafka++)

add_library(howl_tomlplusplus INTERFACE)
target_link_libraries(howl_tomlplusplus INTERFACE tomlplusplus::tomlplusplus)

# Asio and Beast compiled once, in a library of their own, instead of in every file that uses them.
add_library(howl_boost STATIC cmake/boost_separate.cpp)
target_compile_definitions(howl_boost PUBLIC
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(howl_boost PUBLIC Boost::headers Boost::json Boost::url Threads::Threads)
