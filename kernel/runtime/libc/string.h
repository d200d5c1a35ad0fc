/* The part of <string.h> that libc++'s headers and the compiler refer to. */
#pragma once
#define __need_size_t
#define __need_NULL
#include <stddef.h>

#ifdef __cplusplus
/* To the compiler of a freestanding program these are functions like any other. As its builtins it
 * knows them, and moves a few bytes by an instruction; else it calls what kernel/arch has. */
#define NACRE_KNOWN inline __attribute__((always_inline))
NACRE_KNOWN void* memcpy(void* __restrict destination, const void* __restrict source, size_t size) {
  return __builtin_memcpy(destination, source, size);
}
NACRE_KNOWN void* memmove(void* destination, const void* source, size_t size) {
  return __builtin_memmove(destination, source, size);
}
NACRE_KNOWN void* memset(void* destination, int value, size_t size) {
  return __builtin_memset(destination, value, size);
}
NACRE_KNOWN int memcmp(const void* left, const void* right, size_t size) {
  return __builtin_memcmp(left, right, size);
}
#undef NACRE_KNOWN

extern "C" {
#endif
void* memchr(const void* text, int value, size_t size);
size_t strlen(const char* text);
char* strcpy(char* __restrict destination, const char* __restrict source);
char* strncpy(char* __restrict destination, const char* __restrict source, size_t size);
char* strcat(char* __restrict destination, const char* __restrict source);
char* strncat(char* __restrict destination, const char* __restrict source, size_t size);
int strcmp(const char* left, const char* right);
int strncmp(const char* left, const char* right, size_t size);
int strcoll(const char* left, const char* right);
size_t strxfrm(char* __restrict destination, const char* __restrict source, size_t size);
char* strchr(const char* text, int value);
size_t strcspn(const char* text, const char* reject);
char* strpbrk(const char* text, const char* accept);
char* strrchr(const char* text, int value);
size_t strspn(const char* text, const char* accept);
char* strstr(const char* text, const char* needle);
char* strtok(char* __restrict text, const char* __restrict delimiters);
char* strerror(int error);
#ifdef __cplusplus
}
#endif
