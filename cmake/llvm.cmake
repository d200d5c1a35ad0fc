# Finds one LLVM, 19 or newer, and names its tools.
set(NACRE_LLVM_VERSION 19 CACHE STRING "Major version of clang, lld and llvm to use")
set(NACRE_LLVM_PREFIX /usr/lib/llvm-${NACRE_LLVM_VERSION} CACHE PATH "Where that LLVM is installed")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NACRE_LLVM_VERSION NACRE_LLVM_PREFIX)

set(CMAKE_C_COMPILER ${NACRE_LLVM_PREFIX}/bin/clang)
set(CMAKE_CXX_COMPILER ${NACRE_LLVM_PREFIX}/bin/clang++)
set(CMAKE_ASM_COMPILER ${NACRE_LLVM_PREFIX}/bin/clang)
set(CMAKE_AR ${NACRE_LLVM_PREFIX}/bin/llvm-ar CACHE FILEPATH "")
set(CMAKE_RANLIB ${NACRE_LLVM_PREFIX}/bin/llvm-ranlib CACHE FILEPATH "")
set(CMAKE_NM ${NACRE_LLVM_PREFIX}/bin/llvm-nm CACHE FILEPATH "")
set(CMAKE_OBJCOPY ${NACRE_LLVM_PREFIX}/bin/llvm-objcopy CACHE FILEPATH "")
set(CMAKE_OBJDUMP ${NACRE_LLVM_PREFIX}/bin/llvm-objdump CACHE FILEPATH "")
set(NACRE_LLD ${NACRE_LLVM_PREFIX}/bin/ld.lld)

# For sanitizers: quick enough to run, quick to compile, and backtraces with lines.
set(CMAKE_C_FLAGS_SANITIZED_INIT "-O1 -gline-tables-only")
set(CMAKE_CXX_FLAGS_SANITIZED_INIT "-O1 -gline-tables-only")
# Lines are what backtraces need, and a fifth of the time that types and variables take to compile. Those are in the
# build for the debugger, where there are variables to see.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -gline-tables-only -DNDEBUG" CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -gline-tables-only -DNDEBUG" CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-Og -g" CACHE STRING "")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g" CACHE STRING "")
