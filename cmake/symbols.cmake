# SPDX-License-Identifier: Apache-2.0
# A release binary ships without its symbols; PROGRAM.debug beside it has them, and gdb, perf and
# addr2line find it there by the link in the binary.
function(howl_split_symbols program)
    if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_OBJCOPY)
        return()
    endif()
    set(file $<TARGET_FILE:${program}>)
    add_custom_command(TARGET ${program} POST_BUILD
        COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${file} ${file}.debug
        COMMAND ${CMAKE_OBJCOPY} --strip-unneeded --add-gnu-debuglink=${file}.debug ${file}
        VERBATIM)
endfunction()
