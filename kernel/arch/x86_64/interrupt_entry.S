// The first instructions of every interrupt and exception: makes a TrapFrame of hw/trap_frame.hpp on the
// stack, saves the SSE state (the kernel's own code uses it, and so may a handler), calls
// `dispatch_interrupt(TrapFrame*)`, and restores both. [intel/vol3: "Exception and Interrupt Handling in
// 64-bit Mode"]

.section .text

// Vectors whose exception pushes an error code: 8, 10 to 14, 17, 21, 29, 30.
#define HAS_ERROR_CODE ((1 << 8) | (31 << 10) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30))

.altmacro
.macro stub vector
interrupt_stub_\vector:
    .if (\vector >= 32) || !((HAS_ERROR_CODE >> \vector) & 1)
    pushq $0
    .endif
    pushq $\vector
    .if (\vector == 2) || (\vector == 8) || (\vector == 18)
    jmp interrupt_anywhere
    .else
    jmp common_interrupt
    .endif
.endm

.set i, 0
.rept 256
    stub %i
    .set i, i + 1
.endr

.macro save_registers
    pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld
    xorl %r13d, %r13d                   // whether GS was swapped
.endm

// The user's alignment check flag, which an interrupt does not clear, would switch SMAP off.
.macro enter_from_user
    swapgs
    incl %r13d
    pushfq
    andq $~(1 << 18), (%rsp)
    popfq
.endm

// Double fault, NMI and machine check have stacks of their own because they strike anywhere: so also where
// the segments are the kernel's already (or still), but GS is the user's. The kernel's GS base lies in the
// upper half, a user's does not.
interrupt_anywhere:
    save_registers
    movl $0xc0000101, %ecx              // GS base
    rdmsr
    testl %edx, %edx
    js handle_interrupt
    enter_from_user
    jmp handle_interrupt

common_interrupt:
    save_registers
    testb $3, 18 * 8(%rsp)              // from user mode: its GS base is not ours
    jz handle_interrupt
    enter_from_user
handle_interrupt:
    movq %rsp, %rdi
    pushq 15 * 8 + 2 * 8(%rsp)          // a frame for backtraces: rbp, and rip above it
    pushq 8 * 8 + 8(%rsp)
    movq %rsp, %rbp
    movq %rdi, %rbx
    subq $512, %rsp
    andq $-16, %rsp
    fxsave64 (%rsp)
    movq %rsp, %r12
    call dispatch_interrupt
    fxrstor64 (%r12)
    movq %rbx, %rsp
    testl %r13d, %r13d
    jz 1f
    swapgs
1:  popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rbp
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rbx
    popq %rax
    addq $16, %rsp
    iretq

// void reload_segments(): after `lgdt`, code and data segments from the new table.
.globl reload_segments
reload_segments:
    pushq $0x08
    leaq 1f(%rip), %rax
    pushq %rax
    lretq
1:  movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorl %eax, %eax
    movw %ax, %fs
    movw %ax, %gs
    ret

// bool call_catching(void (*function)(void*), void* argument, u64* landing): calls the function with its
// stack pointer kept in *landing. An exception handler that resumes at `catch_landing` with that stack
// pointer makes this return true; otherwise it returns false.
.globl call_catching
call_catching:
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdx
    pushq (%rdx)                        // an outer call's landing
    subq $8, %rsp
    movq %rsp, (%rdx)
    movq %rdi, %rax
    movq %rsi, %rdi
    call *%rax
    xorl %eax, %eax
    jmp 1f
.globl catch_landing
catch_landing:
    movl $1, %eax
1:  addq $8, %rsp
    popq %rcx
    popq %rdx
    movq %rcx, (%rdx)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

// [[noreturn]] void switch_stack(void* argument, void (*function)(void*), u64 stack_top)
.globl switch_stack
switch_stack:
    movq %rdx, %rsp
    xorl %ebp, %ebp
    pushq $0
    pushq $0
    callq *%rsi
    ud2

.section .rodata
.balign 8
.globl interrupt_stubs
interrupt_stubs:
.macro stub_address vector
    .quad interrupt_stub_\vector
.endm
.set i, 0
.rept 256
    stub_address %i
    .set i, i + 1
.endr
