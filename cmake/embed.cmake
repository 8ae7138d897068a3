# SPDX-License-Identifier: Apache-2.0
# Turns a data file into a function of the program: `std::string_view NAMESPACE::FUNCTION()`.
# @PROJECT_VERSION@ in it becomes the version.
function(howl_embed target file namespace function)
    set(source ${PROJECT_SOURCE_DIR}/${file})
    file(READ ${source} content)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    get_filename_component(name ${file} NAME)
    set(output ${PROJECT_BINARY_DIR}/embedded/${name}.cpp)
    # configure_file writes only when something has changed, so nothing is built twice.
    string(CONFIGURE "${content}" HOWL_EMBED_CONTENT @ONLY)
    set(HOWL_EMBED_NAMESPACE ${namespace})
    set(HOWL_EMBED_FUNCTION ${function})
    configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded.cpp.in ${output} @ONLY)
    target_sources(${target} PRIVATE ${output})
endfunction()
