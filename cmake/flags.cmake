# SPDX-License-Identifier: Apache-2.0
include(CheckCXXCompilerFlag)

add_library(howl_flags INTERFACE)
target_compile_options(howl_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(howl_flags INTERFACE -Wthread-safety)
endif()

# OpenSSF's compiler hardening guide, edition 2026-06, as far as the compiler knows it.
set(hardening -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -fno-delete-null-pointer-checks -fno-strict-overflow -ftrivial-auto-var-init=zero)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    foreach(flag IN LISTS hardening)
        string(MAKE_C_IDENTIFIER "has${flag}" known)
        check_cxx_compiler_flag(${flag} ${known})
        if(${known})
            add_compile_options(${flag})
        endif()
    endforeach()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # At -O3 g++ 12 warns of the error of a std::expected that holds a value. The sanitizers look for real ones.
        add_compile_options(-Wno-maybe-uninitialized)
    endif()
    add_compile_options(-O2 -g1 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS)
    add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
endif()
if(HOWL_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ takes a coroutine's frame for shared with other sources when it is not in the main file.
    add_compile_options(-Wno-subobject-linkage)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-fPIE)
add_link_options(-pie)

if(HOWL_SANITIZE)
    add_compile_options(-fsanitize=${HOWL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${HOWL_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ 12 sees bounds broken inside std::string where sanitizers keep it from inlining (its bugs
        # 105329 and 105651), and warns that TSan does not model Asio's fences; their uses are ordered
        # by mutexes as well. The release build keeps the first two warnings.
        add_compile_options(-Wno-array-bounds -Wno-restrict -Wno-tsan)
    endif()
endif()
