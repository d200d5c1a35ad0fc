#pragma once

/// The maze itself, and that it can be won, checked when it is compiled.
namespace maze {

inline constexpr int side = 20;
inline constexpr char start = '@';
inline constexpr char floor = '.';
inline constexpr char gem = '*';
inline constexpr char stone = '#';
inline constexpr char brick = '%';
inline constexpr char door = 'D';
inline constexpr char exit = 'X';

inline constexpr char plan[side][side + 1] = {
    "####################",  //
    "#@..#......#.......#",  //
    "#...#.####.#.##.##.#",  //
    "#...D.#*...#.#...#.#",  //
    "#..*#.####.#.#.*.#.#",  //
    "##D##......D.#...#.#",  //
    "#......##..#.##D##.#",  //
    "#.%%%%.#...#.......#",  //
    "#.%..%.#.###########",  //
    "#.%.*%.#.#....%....#",  //
    "#.%D%%.#.#.##.%.**.#",  //
    "#......#.D.##.D....#",  //
    "#.####.#.#....%....#",  //
    "#.#*.#.#.#%%%%%%D%%#",  //
    "#.#..D.#.#.........#",  //
    "#.####.#.#.#.#.#.#.#",  //
    "#......#.....#*#...#",  //
    "#.##.#####.#.###.#.#",  //
    "#..*.#..*..#.....D.X",  //
    "####################",
};

struct Place {
  int x, y;
};

constexpr bool is_wall(char what) { return what == stone || what == brick; }

constexpr int count(char what) {
  int found = 0;
  for (auto const& row : plan)
    for (char const place : row) found += place == what;
  return found;
}
inline constexpr int gem_count = count(gem);

/// The first place with that in it.
constexpr Place find(char what) {
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      if (plan[y][x] == what) return {x, y};
  return {-1, -1};
}

/// Whether one gets from the start to each gem and to the exit, and nowhere out of the maze.
constexpr bool can_be_won() {
  bool reached[side][side]{};
  Place waiting[side * side]{};
  int waiting_count = 0;
  int gems = 0;
  bool finds_exit = false;
  waiting[waiting_count++] = find(start);
  while (waiting_count > 0) {
    auto const [x, y] = waiting[--waiting_count];
    if (x < 0 || y < 0 || x >= side || y >= side) return false;
    if (reached[y][x] || is_wall(plan[y][x])) continue;
    reached[y][x] = true;
    gems += plan[y][x] == gem;
    finds_exit = finds_exit || plan[y][x] == exit;
    if (plan[y][x] == exit) continue;
    waiting[waiting_count++] = {x + 1, y};
    waiting[waiting_count++] = {x - 1, y};
    waiting[waiting_count++] = {x, y + 1};
    waiting[waiting_count++] = {x, y - 1};
  }
  return finds_exit && gems == gem_count;
}
static_assert(count(start) == 1 && count(exit) == 1 && can_be_won());

}  // namespace maze
