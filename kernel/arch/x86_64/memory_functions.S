// memcpy, memmove, memset, memcmp: what compiled code calls by itself. In assembly, since a compiler may
// turn the obvious loop into a call of the very function. [sysv-abi: "Parameter Passing"]

.section .text

.globl memcpy
memcpy:
    movq %rdi, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    ret

.globl memmove
memmove:
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax                     // unsigned: only a destination inside the source is below
    movq %rdi, %rax
    jae memcpy
    std
    leaq -1(%rsi, %rdx), %rsi
    leaq -1(%rdi, %rdx), %rdi
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    subq $7, %rsi
    subq $7, %rdi
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    cld
    ret

.globl memset
memset:
    movq %rdi, %r8
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movl %edx, %ecx
    andl $7, %ecx
    rep stosb
    movq %r8, %rax
    ret

.globl memcmp
memcmp:
    xorl %eax, %eax
    testq %rdx, %rdx
    jz 2f
1:  movzbl (%rdi), %eax
    movzbl (%rsi), %ecx
    subl %ecx, %eax
    jnz 2f
    incq %rdi
    incq %rsi
    decq %rdx
    jnz 1b
2:  ret
