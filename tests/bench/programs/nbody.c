// Planets: floating point with square roots and divisions over a small array of structures.
#include "tests/bench/programs/bench.h"

enum { bodies = 5, steps = 300000 };

typedef struct {
  f64 x, y, z, speed_x, speed_y, speed_z, mass;
} Body;

static NEVER_INLINE void advance(Body* body, int count, f64 time) {
  for (int i = 0; i < count; i++)
    for (int j = i + 1; j < count; j++) {
      Body *const one = &body[i], *const other = &body[j];
      f64 const x = one->x - other->x, y = one->y - other->y, z = one->z - other->z;
      f64 const square = x * x + y * y + z * z;
      f64 const pull = time / (square * __builtin_sqrt(square));
      one->speed_x -= x * other->mass * pull;
      one->speed_y -= y * other->mass * pull;
      one->speed_z -= z * other->mass * pull;
      other->speed_x += x * one->mass * pull;
      other->speed_y += y * one->mass * pull;
      other->speed_z += z * one->mass * pull;
    }
  for (int i = 0; i < count; i++) {
    body[i].x += time * body[i].speed_x;
    body[i].y += time * body[i].speed_y;
    body[i].z += time * body[i].speed_z;
  }
}

static u64 kernel(void) {
  Body system[bodies] = {{0, 0, 0, 0, 0, 0, 39.47},
                         {4.84, -1.16, -.10, .606, 2.81, -.02, .037},
                         {8.34, 4.12, -.4, -1.01, 1.82, .008, .011},
                         {12.89, -15.11, -.22, 1.08, .868, -.01, .0017},
                         {15.37, -25.9, .179, .979, .594, -.034, .002}};
  u32 const count = steps + always_zero;
  for (u32 step = 0; step < count; step++) advance(system, bodies, 0.01);
  return (u64)((system[0].x + system[1].y + 100) * 1e6);
}
