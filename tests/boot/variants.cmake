# Boot tests that need other arguments than none, and further machines to run them on.
nacre_boot_arguments(must_fail --expect-fail)
nacre_boot_arguments(stack_overflow
  --expect "#DF double fault: kernel stack overflow at 0x[0-9a-f]+ .guard page of stack main"
  --expect "backtrace:")
