// Quicksort that ends in insertion sort: branches that depend on data.
#include "tests/bench/programs/bench.h"

enum { count = 300000, small = 16 };

static NEVER_INLINE void sort(i32* numbers, i32 low, i32 high) {
  while (high - low > small) {
    i32 const pivot = numbers[(low + high) >> 1];
    i32 i = low, j = high;
    do {
      while (numbers[i] < pivot) i++;
      while (numbers[j] > pivot) j--;
      if (i <= j) {
        i32 const swapped = numbers[i];
        numbers[i++] = numbers[j];
        numbers[j--] = swapped;
      }
    } while (i <= j);
    if (j - low < high - i) {
      sort(numbers, low, j);
      low = i;
    } else {
      sort(numbers, i, high);
      high = j;
    }
  }
  for (i32 i = low + 1; i <= high; i++) {
    i32 const number = numbers[i];
    i32 j = i - 1;
    for (; j >= low && numbers[j] > number; j--) numbers[j + 1] = numbers[j];
    numbers[j + 1] = number;
  }
}

static u64 kernel(void) {
  static i32* numbers;
  if (!numbers) numbers = allocate(count * sizeof(i32));
  random_state = 88172645463325252;
  for (u32 i = 0; i < count; i++) numbers[i] = (i32)next_random();
  sort(numbers, 0, count - 1);
  u64 checksum = 0;
  for (u32 i = 0; i < count; i += 1000) checksum = checksum * 31 + (u32)numbers[i];
  return checksum;
}
