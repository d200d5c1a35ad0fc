# The official WebAssembly test suite, packed for the kernel when the test begins. What packs it is a program of
# the host, built by the same sources in a folder of its own.
include(ExternalProject)
set(host_tools ${CMAKE_BINARY_DIR}/host_tools)
ExternalProject_Add(host_tools
  SOURCE_DIR ${CMAKE_SOURCE_DIR}
  BINARY_DIR ${host_tools}
  CMAKE_ARGS -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/cmake/toolchain-host.cmake
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DNACRE_PLATFORM=host
  BUILD_COMMAND ${CMAKE_COMMAND} --build ${host_tools} --target pack_spec
  BUILD_ALWAYS TRUE
  INSTALL_COMMAND ""
  EXCLUDE_FROM_ALL TRUE)

set(conformance ${CMAKE_SOURCE_DIR}/tests/conformance)
set(packed ${CMAKE_BINARY_DIR}/tests/boot/wasm_spec.tar)
nacre_boot_arguments(wasm_spec --memory 512M --timeout 110 --initrd ${packed}
  --before "${host_tools}/tests/conformance/pack_spec ${NACRE_SHARED}/wasm-spec ${conformance}/wasm_spec_ledger.txt \
${conformance}/wasm_spec_differences.txt ${packed}")
