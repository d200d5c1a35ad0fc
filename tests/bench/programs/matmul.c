// Matrices of doubles: products whose inner loop vectorises natively, and one in strict order.
#include "tests/bench/programs/bench.h"

enum { side = 240, products = 3 };

static NEVER_INLINE void add_product(const f64* restrict a, const f64* restrict b,
                                     f64* restrict sum) {
  for (int i = 0; i < side; i++)
    for (int k = 0; k < side; k++) {
      f64 const factor = a[i * side + k];
      for (int j = 0; j < side; j++) sum[i * side + j] += factor * b[k * side + j];
    }
}
static NEVER_INLINE f64 sum_of_row_products(const f64* restrict a, const f64* restrict b) {
  f64 total = 0;
  for (int i = 0; i < side; i++)
    for (int j = 0; j < side; j++) {
      f64 product = 0;
      for (int k = 0; k < side; k++) product += a[i * side + k] * b[j * side + k];
      total += product * (i ^ j);
    }
  return total;
}

static u64 kernel(void) {
  static f64 *a, *b, *c;
  if (!a) {
    a = allocate(side * side * sizeof(f64));
    b = allocate(side * side * sizeof(f64));
    c = allocate(side * side * sizeof(f64));
    for (int i = 0; i < side * side; i++) a[i] = i % 17, b[i] = i % 23;
  }
  for (int i = 0; i < side * side; i++) c[i] = 0;
  for (int i = 0; i < products; i++) add_product(a, b, c);
  f64 total = sum_of_row_products(a, b);
  for (int i = 0; i < side * side; i++) total += c[i];
  return (u64)total;
}
