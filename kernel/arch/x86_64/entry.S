// Where the machine enters: both boot protocols come here in 32-bit protected mode without paging, and
// leave in 64-bit mode in the higher half. [pvh: "PVH Specification"], [multiboot2: "I386 machine state"]

#define KERNEL_OFFSET 0xffffffff80000000
#define PRESENT_WRITABLE 0x3
#define PRESENT_WRITABLE_LARGE 0x83
#define BOOT_STACK_SIZE 65536

// --- Headers that loaders look for -----------------------------------------------------------------

.section .boot.header, "a"
.balign 8
multiboot2_header:
    .long 0xe85250d6                    // magic
    .long 0                             // architecture: i386 protected mode
    .long multiboot2_header_end - multiboot2_header
    .long -(0xe85250d6 + 0 + (multiboot2_header_end - multiboot2_header))
    .balign 8
    .short 1, 0                         // information request: memory map, framebuffer
    .long 16
    .long 6, 8
    .balign 8
    .short 5, 1                         // framebuffer, optional
    .long 20
    .long 1024, 768, 32
    .balign 8
    .short 6, 1                         // modules aligned to pages
    .long 8
    .balign 8
    .short 0, 0                         // end
    .long 8
multiboot2_header_end:

.section .note.pvh, "a", @note
.balign 4
    .long 4                             // name size
    .long 4                             // descriptor size
    .long 18                            // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long pvh_entry

// --- 32-bit code -----------------------------------------------------------------------------------

.section .boot.text, "ax"
.code32

.globl pvh_entry
pvh_entry:
    movl $0x336ec578, %esi              // the magic of hvm_start_info, as the protocol's name
    jmp common_entry

.globl multiboot2_entry
multiboot2_entry:
    movl %eax, %esi
common_entry:
    cld
    cli
    movl %ebx, %ebp                     // physical address of the boot information
    movl $boot_stack_low, %esp

    movl $0x80000000, %eax              // Is there a 64-bit mode? [intel/vol2: "CPUID"]
    cpuid
    cmpl $0x80000001, %eax
    jb no_long_mode
    movl $0x80000001, %eax
    cpuid
    btl $29, %edx
    jnc no_long_mode
    movl %edx, %ebx                     // bit 20: no-execute pages

    // The first 4 GiB in 2 MiB pages: at 0, and at the direct map's address, through the same tables.
    movl $boot_directories, %edi
    movl $PRESENT_WRITABLE_LARGE, %eax
    movl $2048, %ecx
1:  movl %eax, (%edi)
    movl $0, 4(%edi)
    addl $0x200000, %eax
    addl $8, %edi
    loop 1b

    movl $boot_directories + PRESENT_WRITABLE, %eax
    movl $boot_directory_pointers, %edi
    movl $4, %ecx
1:  movl %eax, (%edi)
    addl $4096, %eax
    addl $8, %edi
    loop 1b

    // The last 2 GiB: their first half shows the first 1 GiB.
    movl $boot_directories + PRESENT_WRITABLE, boot_high_pointers + 510 * 8
    movl $boot_directory_pointers + PRESENT_WRITABLE, boot_root
    movl $boot_directory_pointers + PRESENT_WRITABLE, boot_root + 256 * 8
    movl $boot_high_pointers + PRESENT_WRITABLE, boot_root + 511 * 8

    movl %cr4, %eax
    orl $(1 << 5 | 1 << 9 | 1 << 10), %eax   // PAE, OSFXSR, OSXMMEXCPT
    movl %eax, %cr4
    movl $boot_root, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx              // EFER: long mode, and no-execute where there is such
    rdmsr
    orl $(1 << 8), %eax
    btl $20, %ebx
    jnc 1f
    orl $(1 << 11), %eax
1:  wrmsr
    movl %cr0, %eax
    andl $~(1 << 2 | 1 << 3 | 3 << 29), %eax   // no x87 emulation, no lazy switching, caches on
    orl $(1 << 31 | 1 << 16 | 1 << 5 | 1 << 1 | 1), %eax   // paging, write protection, NE, MP
    movl %eax, %cr0

    lgdt boot_gdt_pointer
    ljmp $8, $long_mode_entry

// Without 64-bit mode there is nobody else who could say so.
no_long_mode:
    movl $no_long_mode_text, %esi
    movw $0x3f8, %dx
1:  lodsb
    testb %al, %al
    jz 2f
    outb %al, %dx
    jmp 1b
2:  hlt
    jmp 2b

.code64
long_mode_entry:
    movl $16, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorl %eax, %eax
    movw %ax, %fs
    movw %ax, %gs
    movabsq $boot_stack_top, %rsp
    fninit                              // neither protocol says how the firmware left these
    pushq $0x1f80                       // all exceptions masked, round to nearest
    ldmxcsr (%rsp)
    movabsq $boot_stack_top, %rsp
    movl %esi, %edi                     // first argument: the protocol's magic
    movl %ebp, %esi                     // second: the boot information's physical address
    xorl %ebp, %ebp                     // backtraces end here
    pushq $0
    movabsq $kernel_entry, %rax
    jmpq *%rax

.section .boot.data, "a"
no_long_mode_text:
    .asciz "nacre: this processor has no 64-bit mode\r\n"
.balign 8
boot_gdt:
    .quad 0
    .quad 0x00af9a000000ffff            // 64-bit code
    .quad 0x00cf92000000ffff            // data
boot_gdt_end:
boot_gdt_pointer:
    .short boot_gdt_end - boot_gdt - 1
    .quad boot_gdt

.section .boot.bss, "aw", @nobits
.balign 4096
boot_root:               .skip 4096
boot_directory_pointers: .skip 4096
boot_high_pointers:      .skip 4096
boot_directories:        .skip 4 * 4096
    .skip 64
boot_stack_low:

.section .bss
.balign 4096
.globl boot_stack_bottom
boot_stack_bottom:
    .skip BOOT_STACK_SIZE
.globl boot_stack_top
boot_stack_top:
