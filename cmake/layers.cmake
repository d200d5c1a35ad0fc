# nacre_layer(NAME folder [DEPENDS layers...]): a static library of all sources directly under `folder`
# and below it. Sources are found by name, so a new file needs no line here.
#
# What most of them include of the standard library is parsed once for all. A source still names what it uses.
file(WRITE ${CMAKE_BINARY_DIR}/standard_headers.cpp "")
add_library(nacre_standard_headers OBJECT ${CMAKE_BINARY_DIR}/standard_headers.cpp)
target_link_libraries(nacre_standard_headers PRIVATE nacre_flags)
target_precompile_headers(nacre_standard_headers PRIVATE
  "$<$<COMPILE_LANGUAGE:CXX>:<algorithm$<ANGLE-R>;<array$<ANGLE-R>;<coroutine$<ANGLE-R>;<cstring$<ANGLE-R>;<expected$<ANGLE-R>;<optional$<ANGLE-R>;<span$<ANGLE-R>;<string_view$<ANGLE-R>;<utility$<ANGLE-R>;<variant$<ANGLE-R>>")
if(NACRE_FUZZ)
  # libFuzzer watches what is fuzzed, not the tests.
  target_compile_options(nacre_standard_headers PRIVATE -fsanitize=fuzzer-no-link)
endif()

function(nacre_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC nacre_flags ${ARG_DEPENDS})
    target_precompile_headers(${name} REUSE_FROM nacre_standard_headers)
    if(NACRE_FUZZ)
      target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE nacre_flags ${ARG_DEPENDS})
  endif()
endfunction()
