/* Keys of the one thread. */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>

enum { KEYS = 128 };

static void* values[KEYS];
static unsigned keys;

int pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  (void)destroy;
  if (keys == KEYS) return EAGAIN;
  *key = keys++;
  return 0;
}

void* pthread_getspecific(pthread_key_t key) { return key < keys ? values[key] : NULL; }

int pthread_setspecific(pthread_key_t key, const void* value) {
  if (key >= keys) return EINVAL;
  values[key] = (void*)value;
  return 0;
}

int pthread_once(pthread_once_t* once, void (*action)(void)) {
  if (*once != 0) return 0;
  *once = 1;
  action();
  return 0;
}
