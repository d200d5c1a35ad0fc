# nacre_layer(NAME folder [FUZZED] [DEPENDS layers...]): a static library of all sources directly under `folder`
# and below it. Sources are found by name, so a new file needs no line here.
#
# In a build that is for tests alone, what is FUZZED or runs for long in them is instrumented and optimized; the rest is
# compiled as quickly as can be, for that is most of what such a build costs.

# What most sources include of the standard library is parsed once for all. A source still names what it uses.
function(nacre_standard_headers name)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE nacre_flags)
  target_compile_options(${name} PRIVATE ${ARGN})
  target_precompile_headers(${name} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:<algorithm$<ANGLE-R>;<array$<ANGLE-R>;<coroutine$<ANGLE-R>;<cstring$<ANGLE-R>;<expected$<ANGLE-R>;<optional$<ANGLE-R>;<span$<ANGLE-R>;<string_view$<ANGLE-R>;<utility$<ANGLE-R>;<variant$<ANGLE-R>>")
endfunction()
set(NACRE_FUZZED_OPTIONS "")
if(NACRE_FUZZ)
  # libFuzzer watches what is fuzzed, not the tests.
  set(NACRE_FUZZED_OPTIONS -fsanitize=fuzzer-no-link)
endif()
nacre_standard_headers(nacre_standard_headers ${NACRE_FUZZED_OPTIONS})
if(NACRE_SANITIZE)
  nacre_standard_headers(nacre_quick_standard_headers -O0)
endif()

function(nacre_layer name)
  cmake_parse_arguments(ARG "FUZZED" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC nacre_flags ${ARG_DEPENDS})
    if(NACRE_SANITIZE AND NOT ARG_FUZZED)
      target_compile_options(${name} PRIVATE -O0)
      target_precompile_headers(${name} REUSE_FROM nacre_quick_standard_headers)
    else()
      target_compile_options(${name} PRIVATE ${NACRE_FUZZED_OPTIONS})
      target_precompile_headers(${name} REUSE_FROM nacre_standard_headers)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE nacre_flags ${ARG_DEPENDS})
  endif()
endfunction()
