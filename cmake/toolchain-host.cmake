# The same compiler and the same standard library headers as the kernel, on Linux.
include(${CMAKE_CURRENT_LIST_DIR}/llvm.cmake)
set(CMAKE_CXX_FLAGS_INIT "-stdlib=libc++")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-stdlib=libc++ -fuse-ld=${NACRE_LLD}")
