/* The one thread of a program: what it does once, and what it keeps for itself. */
#pragma once

typedef unsigned pthread_key_t;
typedef int pthread_once_t;

#define PTHREAD_ONCE_INIT 0

/* 0: the key's value is NULL. EAGAIN: there are too many keys. Nothing calls `destroy`, for the
 * thread ends with the program. */
int pthread_key_create(pthread_key_t* key, void (*destroy)(void*));
void* pthread_getspecific(pthread_key_t key);
/* 0, or EINVAL for what is no key. */
int pthread_setspecific(pthread_key_t key, const void* value);
/* Calls `action` unless that has been done for `once`. 0. */
int pthread_once(pthread_once_t* once, void (*action)(void));
