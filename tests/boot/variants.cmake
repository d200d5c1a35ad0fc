# Boot tests that need other arguments than none, and further machines to run them on.
nacre_boot_arguments(must_fail --expect-fail)
nacre_boot_arguments(stack_overflow
  --expect "#DF double fault: kernel stack overflow at 0x[0-9a-f]+ .guard page of stack main"
  --expect "backtrace:")

nacre_boot_variant(pci @q35 --machine q35)
nacre_boot_variant(pci @microvm --machine microvm --append no-pci)
nacre_boot_variant(display @microvm --machine microvm --append none)
nacre_boot_variant(display @cirrus --append undriven --qemu-args "-vga cirrus")
nacre_boot_variant(ps2 @pic --append pic)
nacre_boot_variant(ps2 @microvm --machine microvm --append no-keyboard)

nacre_boot_arguments(power_off --expect-power-off --may-reset)
nacre_boot_arguments(reboot --may-reset --expect "first boot" --expect "second boot")
foreach(machine q35 microvm)
  nacre_boot_variant(power_off @${machine} --machine ${machine} --expect-power-off --may-reset)
  nacre_boot_variant(reboot @${machine} --machine ${machine} --may-reset
    --expect "reset register found" --expect "second boot")
endforeach()
nacre_boot_variant(reboot @no-acpi --append no-acpi --may-reset --expect "without ACPI" --expect "second boot")
nacre_boot_variant(clock @pic --cpu "max,-apic" --append pic)
nacre_boot_variant(clock @q35 --machine q35)
nacre_boot_variant(clock @microvm --machine microvm)

nacre_boot_arguments(wasm_turns --memory 512M --icount 0 --timeout 110)

# Checks for undefined behaviour make each program's life longer.
if(NACRE_KERNEL_UBSAN)
  set(how_many --append few)
endif()
nacre_boot_arguments(program_lives --timeout 110 ${how_many})
