# The official WebAssembly test suite, packed for the kernel when the test begins. What packs it is a program of
# the host, built once for all presets.
include(ExternalProject)
set(host_tools ${CMAKE_SOURCE_DIR}/build/host-release)
ExternalProject_Add(host_tools
  SOURCE_DIR ${CMAKE_SOURCE_DIR}
  BINARY_DIR ${host_tools}
  CONFIGURE_COMMAND ${CMAKE_COMMAND} -S ${CMAKE_SOURCE_DIR} --preset host-release
  BUILD_COMMAND ${CMAKE_COMMAND} --build ${host_tools} --target pack_spec
  BUILD_ALWAYS TRUE
  INSTALL_COMMAND ""
  EXCLUDE_FROM_ALL TRUE)

set(conformance ${CMAKE_SOURCE_DIR}/tests/conformance)
set(packed ${CMAKE_BINARY_DIR}/tests/boot/wasm_spec.tar)
nacre_boot_arguments(wasm_spec --memory 512M --timeout 110 --initrd ${packed}
  --before "${host_tools}/tests/conformance/pack_spec ${NACRE_SHARED}/wasm-spec ${conformance}/wasm_spec_ledger.txt \
${conformance}/wasm_spec_differences.txt ${packed}")
