# Further runs of the tests of memory, exceptions and the processor.

# Every kind of machine, and a processor without the later protections.
foreach(machine q35 microvm)
  nacre_boot_variant(exceptions @${machine} --machine ${machine})
  nacre_boot_variant(page_tables @${machine} --machine ${machine})
endforeach()
nacre_boot_variant(protections @qemu64 --cpu qemu64 --expect "skipped: SMEP" --expect "skipped: SMAP"
  --expect "skipped: UMIP")
nacre_boot_variant(protections @no-nx --cpu qemu64,-nx --expect "skipped: NX")
nacre_boot_variant(page_tables @no-nx --cpu qemu64,-nx --expect "skipped: NX")

nacre_boot_arguments(memory_map --append "memory=64")
foreach(size 20 32 3072 5120 8192)
  nacre_boot_variant(memory_map @${size}M --memory ${size}M --append "memory=${size}")
endforeach()

# Files of ones and zeros as initrd, the larger one with nothing stored between its ends.
set(initrd_script [[
import sys
with open(sys.argv[1], "wb") as file:
    size = int(sys.argv[2])
    file.write((b"\1" + bytes(511)) * (size // 512) + b"\1")
]])
nacre_boot_arguments(initrd --append "initrd=0")
foreach(blocks 1000 200000)
  math(EXPR size "${blocks} * 512 + 1")
  set(file ${CMAKE_BINARY_DIR}/tests/boot/initrd-${blocks})
  if(NOT EXISTS ${file})
    execute_process(COMMAND ${Python3_EXECUTABLE} -c ${initrd_script} ${file} ${size})
  endif()
  nacre_boot_variant(initrd @${blocks}-blocks --memory 256M --initrd ${file} --append "initrd=${size}")
endforeach()
nacre_boot_variant(initrd @microvm --machine microvm --append "initrd=0")

set(stack_overflow_at "#DF double fault: kernel stack overflow at 0x[0-9a-f]+ .guard page of stack")
nacre_boot_variant(double_fault @large-frame --append case=large-frame --expect "${stack_overflow_at} main")
nacre_boot_variant(double_fault @other-stack --append case=other-stack --expect "${stack_overflow_at} of the test")
nacre_boot_variant(double_fault @lost-stack --append case=lost-stack
  --expect "#DF double fault, stack at 0x7ffffffffffffff8")

set(own_function "^  ffffffff[0-9a-f]+  nacre::called_by_the_test \\+ 0x[0-9a-f]+$")
nacre_boot_arguments(panic_text
  --expect "^kernel panic: #PF page fault writing an unmapped page at 0xffffb00000001000"
  --expect "^rip ffffffff8[0-9a-f]+  rflags [0-9a-f]+  cs 08  ss 10  error 2$"
  --expect "^rax 0000000001234567  rbx ffffb00000001000"
  --expect "cr2 ffffb00000001000"
  --expect "^backtrace:\n  ffffffff[0-9a-f]+  nacre::write_where_nothing_is \\+ 0x"
  --expect "${own_function}"
  --expect "^last log lines:\n  test: line 8 of the log"
  --expect "^  test: line 19 of the log$")
nacre_boot_variant(panic_text @assertion --append assertion
  --expect "^kernel panic: tests/boot/panic_text.cpp:[0-9]+: assertion failed: cause.empty"
  --expect "${own_function}" --expect "line 19 of the log")
# The standard library's checks end in an undefined instruction.
nacre_boot_variant(panic_text @hardening --append hardening --expect "^kernel panic: #UD invalid opcode"
  --expect "${own_function}")


nacre_boot_variant(timers @pic --cpu "max,-apic" --append pic)
nacre_boot_variant(timers @microvm --machine microvm)
nacre_boot_variant(interrupt_load @pic --append pic)

# A ramdisk with a few files.
set(files_script [[
import io, sys, tarfile
with tarfile.open(sys.argv[1], "w", format=tarfile.USTAR_FORMAT) as archive:
    for name, data in (("etc/motd", b"welcome\n"), ("large", bytes(range(256)) * 1000)):
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
]])
set(file ${CMAKE_BINARY_DIR}/tests/boot/files.tar)
if(NOT EXISTS ${file})
  execute_process(COMMAND ${Python3_EXECUTABLE} -c ${files_script} ${file})
endif()
nacre_boot_arguments(files --memory 256M --icount 0 --initrd ${file})
