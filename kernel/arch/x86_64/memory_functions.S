// memcpy, memmove, memset, memcmp: what compiled code calls by itself. In assembly, since a compiler may
// turn the obvious loop into a call of the very function. [sysv-abi: "Parameter Passing"]
//
// Loops of 64 bytes in place of `rep movs`: a processor copies as quickly either way, and an emulator, which
// leaves its translated code at each turn of a `rep`, ten times as quickly.

.section .text

.globl memcpy
memcpy:
    movq %rdi, %rax
    movq %rdx, %rcx
    shrq $6, %rcx
    jz 2f
1:  movups (%rsi), %xmm0                // all loads before the stores: memmove goes on here
    movups 16(%rsi), %xmm1
    movups 32(%rsi), %xmm2
    movups 48(%rsi), %xmm3
    movups %xmm0, (%rdi)
    movups %xmm1, 16(%rdi)
    movups %xmm2, 32(%rdi)
    movups %xmm3, 48(%rdi)
    addq $64, %rsi
    addq $64, %rdi
    decq %rcx
    jnz 1b
2:  movl %edx, %ecx
    andl $56, %ecx
    jz 4f
3:  movq (%rsi), %r8
    movq %r8, (%rdi)
    addq $8, %rsi
    addq $8, %rdi
    subl $8, %ecx
    jnz 3b
4:  andl $7, %edx
    jz 6f
5:  movzbl (%rsi), %ecx
    movb %cl, (%rdi)
    incq %rsi
    incq %rdi
    decl %edx
    jnz 5b
6:  ret

.globl memmove
memmove:
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax                     // unsigned: only a destination inside the source is below
    jae memcpy
    movq %rdi, %rax
    addq %rdx, %rsi                     // from the ends downwards
    addq %rdx, %rdi
    movq %rdx, %rcx
    shrq $6, %rcx
    jz 2f
1:  movups -16(%rsi), %xmm0
    movups -32(%rsi), %xmm1
    movups -48(%rsi), %xmm2
    movups -64(%rsi), %xmm3
    movups %xmm0, -16(%rdi)
    movups %xmm1, -32(%rdi)
    movups %xmm2, -48(%rdi)
    movups %xmm3, -64(%rdi)
    subq $64, %rsi
    subq $64, %rdi
    decq %rcx
    jnz 1b
2:  movl %edx, %ecx
    andl $56, %ecx
    jz 4f
3:  movq -8(%rsi), %r8
    movq %r8, -8(%rdi)
    subq $8, %rsi
    subq $8, %rdi
    subl $8, %ecx
    jnz 3b
4:  andl $7, %edx
    jz 6f
5:  decq %rsi
    decq %rdi
    movzbl (%rsi), %ecx
    movb %cl, (%rdi)
    decl %edx
    jnz 5b
6:  ret

.globl memset
memset:
    movq %rdi, %rax
    movzbl %sil, %esi
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rsi
    movq %rdx, %rcx
    shrq $6, %rcx
    jz 2f
    movq %rsi, %xmm0
    punpcklqdq %xmm0, %xmm0
1:  movups %xmm0, (%rdi)
    movups %xmm0, 16(%rdi)
    movups %xmm0, 32(%rdi)
    movups %xmm0, 48(%rdi)
    addq $64, %rdi
    decq %rcx
    jnz 1b
2:  movl %edx, %ecx
    andl $56, %ecx
    jz 4f
3:  movq %rsi, (%rdi)
    addq $8, %rdi
    subl $8, %ecx
    jnz 3b
4:  andl $7, %edx
    jz 6f
5:  movb %sil, (%rdi)
    incq %rdi
    decl %edx
    jnz 5b
6:  ret

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
