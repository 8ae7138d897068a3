# SPDX-License-Identifier: Apache-2.0
# A layer is a folder of src/, or the FOLDER that it names: a static library of its sources and, beside
# them, one test program.
if(HOWL_BUILD_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    enable_testing()
endif()

# The heavy third-party headers, parsed once for all the layers that see them.
function(howl_precompiled_header target)
    if(NOT TARGET howl_pch)
        add_library(howl_pch STATIC ${PROJECT_SOURCE_DIR}/cmake/pch.cpp)
        target_link_libraries(howl_pch PUBLIC howl_flags howl_boost spdlog::spdlog)
        target_include_directories(howl_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
        # In angle brackets, so that no path of this checkout is in it: the compiler cache serves every clone.
        target_precompile_headers(howl_pch PRIVATE <pch.hpp>)
    endif()
    target_precompile_headers(${target} REUSE_FROM howl_pch)
    target_link_libraries(${target} PRIVATE howl_boost spdlog::spdlog)
endfunction()

function(howl_layer name)
    cmake_parse_arguments(LAYER "SINGLE_FILES" "FOLDER" "DEPENDS;LIBRARIES;TEST_DEPENDS" ${ARGN})
    if(NOT LAYER_FOLDER)
        set(LAYER_FOLDER src/${name})
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${LAYER_FOLDER}/*.cpp)
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")  # A program's main is no library's.
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

    if(NOT sources)
        message(FATAL_ERROR "${LAYER_FOLDER} has no sources")
    endif()
    add_library(howl_${name} STATIC ${sources})
    target_include_directories(howl_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    list(TRANSFORM LAYER_DEPENDS PREPEND howl_)
    target_link_libraries(howl_${name} PUBLIC howl_flags ${LAYER_DEPENDS} ${LAYER_LIBRARIES})
    set_target_properties(howl_${name} PROPERTIES LINKER_LANGUAGE CXX)
    if(HOWL_UNITY AND NOT LAYER_SINGLE_FILES)
        set_target_properties(howl_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    endif()
    if(NOT name STREQUAL base)
        howl_precompiled_header(howl_${name})
    endif()

    if(HOWL_BUILD_TESTS AND tests)
        add_executable(${name}_tests ${tests})
        list(TRANSFORM LAYER_TEST_DEPENDS PREPEND howl_)
        target_link_libraries(${name}_tests PRIVATE howl_${name} ${LAYER_TEST_DEPENDS}
            GTest::gmock GTest::gtest_main)
        if(NOT name STREQUAL base)
            howl_precompiled_header(${name}_tests)
        endif()
        gtest_discover_tests(${name}_tests TEST_PREFIX ${name}/ DISCOVERY_TIMEOUT 60
            PROPERTIES TIMEOUT 300)
    endif()
endfunction()
