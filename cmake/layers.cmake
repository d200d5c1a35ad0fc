# nacre_layer(NAME [FUZZED] [PRECOMPILED headers...] [DEPENDS layers...]): a static library of all sources in this folder
# and below it. Sources are found by name, so a new file needs no line here. PRECOMPILED are headers of the project that
# most of the layer's sources include, directly or not; like those of the standard library, they are parsed once.
#
# In a build that is for tests alone, what is FUZZED or runs for long in them is instrumented and optimized; the rest is
# compiled as quickly as can be, for that is most of what such a build costs.

# What most sources include of the standard library is parsed once for all. A source still names what it uses.
set(NACRE_STANDARD_HEADERS <algorithm> <array> <charconv> <coroutine> <cstring> <expected> <memory> <optional> <span>
  <string_view> <utility> <variant>)
# Those are not for sources in assembly.
function(nacre_precompile target)
  list(TRANSFORM ARGN REPLACE ">" "$<ANGLE-R>" OUTPUT_VARIABLE headers)
  target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${headers}>")
endfunction()
function(nacre_standard_headers name)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE nacre_flags)
  target_compile_options(${name} PRIVATE ${ARGN})
  nacre_precompile(${name} ${NACRE_STANDARD_HEADERS})
endfunction()
set(NACRE_FUZZED_OPTIONS "")
if(NACRE_FUZZ)
  # libFuzzer watches what is fuzzed, not the tests.
  set(NACRE_FUZZED_OPTIONS -fsanitize=fuzzer-no-link)
endif()
set(NACRE_QUICK_OPTIONS "")
if(NACRE_SANITIZE)
  # ASan tells of null pointers as well, and checks of each pointer are half of the code.
  set(NACRE_QUICK_OPTIONS -O0 -fno-sanitize=null,alignment)
endif()
nacre_standard_headers(nacre_standard_headers ${NACRE_FUZZED_OPTIONS})
nacre_standard_headers(nacre_quick_standard_headers ${NACRE_QUICK_OPTIONS})

# nacre_quickly(targets...): programs and libraries around the layers, such as tools and what tests share. Where only
# tests run them, they are compiled as quickly as can be.
function(nacre_quickly)
  foreach(target ${ARGN})
    target_compile_options(${target} PRIVATE ${NACRE_QUICK_OPTIONS})
    target_precompile_headers(${target} REUSE_FROM nacre_quick_standard_headers)
  endforeach()
endfunction()

function(nacre_layer name)
  cmake_parse_arguments(ARG "FUZZED" "" "PRECOMPILED;DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC nacre_flags ${ARG_DEPENDS})
    set(precompiled nacre_standard_headers)
    if(NACRE_SANITIZE AND NOT ARG_FUZZED)
      target_compile_options(${name} PRIVATE ${NACRE_QUICK_OPTIONS})
      set(precompiled nacre_quick_standard_headers)
    else()
      target_compile_options(${name} PRIVATE ${NACRE_FUZZED_OPTIONS})
    endif()
    if(ARG_PRECOMPILED)
      list(TRANSFORM ARG_PRECOMPILED PREPEND ${CMAKE_SOURCE_DIR}/)
      nacre_precompile(${name} ${NACRE_STANDARD_HEADERS} ${ARG_PRECOMPILED})
    else()
      target_precompile_headers(${name} REUSE_FROM ${precompiled})
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE nacre_flags ${ARG_DEPENDS})
  endif()
endfunction()
