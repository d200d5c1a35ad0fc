// Objects with tables of functions: indirect calls, half of them in a pattern, half at random.
#include "tests/bench/programs/bench.h"

enum { count = 1024, turns = 3000 };

typedef struct Shape Shape;
typedef struct {
  f64 (*area)(const Shape*);
  u32 (*step)(Shape*, u32);
} Methods;
struct Shape {
  const Methods* methods;
  f64 a, b;
  u32 state;
};

static f64 rectangle_area(const Shape* shape) { return shape->a * shape->b; }
static f64 circle_area(const Shape* shape) { return shape->a * shape->a * 3.14; }
static f64 triangle_area(const Shape* shape) { return shape->a * shape->b * .5; }
static f64 line_area(const Shape* shape) { return shape->a + shape->b; }
static u32 add(Shape* shape, u32 value) { return shape->state += value; }
static u32 flip(Shape* shape, u32 value) { return shape->state ^= value * 3; }
static u32 scale(Shape* shape, u32 value) { return shape->state = shape->state * 5 + value; }
static u32 subtract(Shape* shape, u32 value) { return shape->state -= value; }

static const Methods kinds[4] = {
    {rectangle_area, add}, {circle_area, flip}, {triangle_area, scale}, {line_area, subtract}};

static u64 kernel(void) {
  static Shape* shapes;
  if (!shapes) {
    shapes = allocate(count * sizeof(Shape));
    random_state = 12345;
    for (u32 i = 0; i < count; i++) {
      u32 const choice = (u32)(next_random() >> 20);
      const Methods* const methods = &kinds[(i < count / 2 ? i : choice) & 3];
      shapes[i] = (Shape){methods, i * .5, i * .25, i};
    }
  }
  f64 total = 0;
  u32 value = 1;
  for (int turn = 0; turn < turns; turn++)
    for (u32 i = 0; i < count; i += 2) {
      Shape *const one = &shapes[i], *const other = &shapes[i + 1];
      total += one->methods->area(one);
      value += one->methods->step(one, value);
      value ^= other->methods->step(other, value);
    }
  return (u64)total + value;
}
