// Snake: eat, grow, meet neither the wall nor yourself.

#include "apps/common/arcade.hpp"
#include "apps/common/random.hpp"

namespace {

using namespace arcade;

constexpr int columns = 30;
constexpr int rows = 20;
constexpr int cell = 10;
constexpr int board_x = (Canvas::width - columns * cell) / 2;
constexpr int board_y = 30;
constexpr int first_frames_per_step = 9;
constexpr int fastest_frames_per_step = 4;

constexpr Colour ground = 0x101820;
constexpr Colour ground_alternate = 0x121c26;
constexpr Colour head = 0xaaf096;
constexpr Colour body = 0x5ac878;
constexpr Colour tail = 0x2a7858;
constexpr Colour dead = 0x5a6678;
constexpr Colour apple = 0xeb5050;
constexpr Colour leaf = 0x78b450;

constexpr Note eats[] = {{660, 2}, {880, 3}};
constexpr Note dies[] = {{300, 6}, {220, 6}, {150, 14}};

struct Cell {
  int x, y;
  friend bool operator==(Cell, Cell) = default;
};

/// What never changes.
constinit Canvas board;

class Snake {
 public:
  void start() {
    random_.seed();
    draw_board();
    newest_ = -1;
    length_ = 0;
    for (int x = 0; x < 4; ++x) push({columns / 4 + x, rows / 2});
    direction_ = {1, 0};
    turn_count_ = 0;
    frames_ = 0;
    apples_ = 0;
    is_over_ = false;
    place_apple();
  }

  void step() {
    take_turns();
    if (++frames_ < frames_per_step()) return;
    frames_ = 0;
    if (turn_count_ > 0) {
      direction_ = turns_[0];
      turns_[0] = turns_[1];
      --turn_count_;
    }
    if (!advance()) {
      is_over_ = true;
      sound.play(dies);
    }
  }

  void draw(Canvas& canvas) {
    canvas.copy(board);
    canvas.text(board_x, 8, Align::Left, Text("Score ") << score(), palette::text);
    canvas.text(board_x + columns * cell, 8, Align::Right, Text("Length ") << length_,
                palette::faint);
    canvas.disc(centre_x(apple_), centre_y(apple_), 3, apple);
    canvas.fill(centre_x(apple_), centre_y(apple_) - 5, 3, 2, leaf);
    for (int i = 0; i < length_; ++i) draw_link(canvas, i);
    draw_eyes(canvas);
  }

  bool is_over() const { return is_over_; }
  int score() const { return apples_ * 10; }
  const char* verdict() const {
    return length_ == capacity ? "You fill the whole board!" : "That was no apple";
  }

 private:
  static constexpr int capacity = columns * rows;

  static int centre_x(Cell at) { return board_x + at.x * cell + cell / 2; }
  static int centre_y(Cell at) { return board_y + at.y * cell + cell / 2; }

  /// Quicker with every fifth apple.
  int frames_per_step() const {
    int const frames = first_frames_per_step - apples_ / 5;
    return frames > fastest_frames_per_step ? frames : fastest_frames_per_step;
  }

  /// Remembers up to two turns: quick players press two keys within a step.
  void take_turns() {
    for (key_event event; next_key(&event);) {
      if (event.change != NACRE_PRESSED || turn_count_ == 2) continue;
      Cell const from = turn_count_ > 0 ? turns_[turn_count_ - 1] : direction_;
      Cell const to = direction_of(static_cast<int>(event.key));
      bool const turns = to.x * from.x + to.y * from.y == 0 && to != Cell{};
      if (turns) turns_[turn_count_++] = to;
    }
  }
  static Cell direction_of(int key) {
    if (key == NACRE_KEY_RIGHT || key == letter('d')) return {1, 0};
    if (key == NACRE_KEY_LEFT || key == letter('a')) return {-1, 0};
    if (key == NACRE_KEY_DOWN || key == letter('s')) return {0, 1};
    if (key == NACRE_KEY_UP || key == letter('w')) return {0, -1};
    return {};
  }

  /// One cell on. False when that is the end.
  bool advance() {
    Cell const from = link(length_ - 1);
    Cell const to{from.x + direction_.x, from.y + direction_.y};
    bool const inside = to.x >= 0 && to.x < columns && to.y >= 0 && to.y < rows;
    if (!inside) return false;
    bool const is_apple = to == apple_;
    if (!is_apple) --length_;  // The tail makes room first.
    if (is_occupied(to)) {
      if (!is_apple) ++length_;
      return false;
    }
    push(to);
    if (!is_apple) return true;
    ++apples_;
    sound.play(eats);
    if (length_ == capacity) return false;
    place_apple();
    return true;
  }

  /// The links from the tail, 0, to the head.
  Cell link(int number) const {
    return cells_[(newest_ - length_ + 1 + number + capacity) % capacity];
  }
  bool is_occupied(Cell at) const {
    for (int i = 0; i < length_; ++i)
      if (link(i) == at) return true;
    return false;
  }
  void push(Cell at) {
    newest_ = (newest_ + 1) % capacity;
    cells_[newest_] = at;
    ++length_;
  }
  void place_apple() {
    do {
      apple_ = {random_.below(columns), random_.below(rows)};
    } while (is_occupied(apple_));
  }

  static void draw_board() {
    board.clear(palette::night);
    board.outline(board_x - 3, board_y - 3, columns * cell + 6, rows * cell + 6, palette::line, 3);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x)
        board.fill(board_x + x * cell, board_y + y * cell, cell, cell,
                   (x + y) % 2 == 0 ? ground : ground_alternate);
  }
  Colour colour_of(int number) const {
    if (is_over_) return dead;
    return number == length_ - 1 ? head : mix(tail, body, (number + 1) * 256 / length_);
  }
  /// Fills the gap to the next link, too, so that the body is one.
  void draw_link(Canvas& canvas, int number) {
    Cell const at = link(number);
    Cell const next = number + 1 < length_ ? link(number + 1) : at;
    int const left = at.x < next.x ? at.x : next.x;
    int const top = at.y < next.y ? at.y : next.y;
    int const wide = at.x == next.x ? 0 : cell;
    int const high = at.y == next.y ? 0 : cell;
    canvas.fill(board_x + left * cell + 1, board_y + top * cell + 1, wide + cell - 2,
                high + cell - 2, colour_of(number));
    if (number + 1 == length_ - 1)  // The head keeps its own colour.
      draw_link(canvas, number + 1);
  }
  void draw_eyes(Canvas& canvas) {
    Cell const at = link(length_ - 1);
    int const ahead_x = centre_x(at) - 1 + direction_.x * 2;
    int const ahead_y = centre_y(at) - 1 + direction_.y * 2;
    canvas.fill(ahead_x + direction_.y * 2, ahead_y + direction_.x * 2, 2, 2, palette::night);
    canvas.fill(ahead_x - direction_.y * 2, ahead_y - direction_.x * 2, 2, 2, palette::night);
  }

  Random random_;
  Cell cells_[capacity]{};
  int newest_ = 0;
  int length_ = 0;
  Cell direction_{};
  Cell turns_[2]{};
  int turn_count_ = 0;
  Cell apple_{};
  int frames_ = 0;
  int apples_ = 0;
  bool is_over_ = false;
};

constexpr Guide guide{
    "SNAKE", "Eat apples, but neither walls nor yourself", {"Arrow keys or WASD steer", nullptr}};
constinit Snake snake;
constinit Arcade<Snake> game(snake, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
