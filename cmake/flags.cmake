# Compiler flags. `nacre_flags` is what every target of ours is compiled with.
add_library(nacre_flags INTERFACE)
target_include_directories(nacre_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(nacre_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wcast-align -Wundef -Wvla -Wimplicit-fallthrough -Werror
  "$<$<COMPILE_LANGUAGE:CXX>:-Wconversion;-Wsign-conversion;-Wold-style-cast;-Wnon-virtual-dtor;-Woverloaded-virtual;-Wthread-safety>"
  # `#embed` is C23's; clang has it in C++ as an extension.
  -Wno-c23-extensions
  -Wno-gnu-zero-variadic-macro-arguments
  # Paths in panics and assertions are the same wherever the project lies.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=
  "$<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti>"
  -fno-omit-frame-pointer -fno-math-errno -ffp-contract=off -fno-strict-aliasing)

if(NACRE_PLATFORM STREQUAL kernel)
  target_compile_definitions(nacre_flags INTERFACE NACRE_KERNEL=1)
  target_compile_options(nacre_flags INTERFACE
    -ffreestanding -nostdlibinc -mno-red-zone -mcmodel=kernel -mlong-double-64 -fno-pic
    -fstack-protector-strong -mstack-protector-guard=global -ftrivial-auto-var-init=pattern
    -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections
    -fno-threadsafe-statics
    "$<$<COMPILE_LANGUAGE:CXX>:-nostdinc++;-D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST>"
    "SHELL:-isystem ${CMAKE_SOURCE_DIR}/kernel/runtime/libcxx"
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem ${NACRE_LLVM_PREFIX}/include/c++/v1>"
    "SHELL:-isystem ${CMAKE_SOURCE_DIR}/kernel/runtime/libc")
  if(NACRE_KERNEL_UBSAN)
    target_compile_options(nacre_flags INTERFACE
      -fsanitize=undefined -fsanitize-trap=undefined -fno-sanitize=alignment,function)
  endif()
else()
  target_compile_definitions(nacre_flags INTERFACE NACRE_HOSTED=1
    _LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST)
  if(NACRE_SANITIZE)
    # The vptr check needs RTTI, which our code is compiled without.
    add_compile_options(-fsanitize=${NACRE_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=vptr)
    add_link_options(-fsanitize=${NACRE_SANITIZE})
    if(NACRE_SANITIZE STREQUAL thread)
      # TSan's own `operator new` cannot be replaced, and tests replace it. Linked as C, it is left out;
      # what ours calls, malloc, is watched all the same.
      add_link_options(--driver-mode=gcc -Wno-unused-command-line-argument)
      link_libraries(c++ c++abi m)
    endif()
  endif()
endif()
