# nacre_layer(NAME folder [DEPENDS layers...]): a static library of all sources directly under `folder`
# and below it. Sources are found by name, so a new file needs no line here.
function(nacre_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC nacre_flags ${ARG_DEPENDS})
    if(NACRE_FUZZ)
      # libFuzzer watches what is fuzzed, not the tests.
      target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE nacre_flags ${ARG_DEPENDS})
  endif()
endfunction()
