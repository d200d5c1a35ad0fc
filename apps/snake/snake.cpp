// Snake: eat, grow, meet neither the wall nor yourself. Arrow keys or WASD steer, space pauses, Esc
// leaves.

#include <nacre.h>

namespace {

constexpr int columns = 32;
constexpr int rows = 24;
constexpr int first_frames_per_step = 9;
constexpr int fastest_frames_per_step = 4;

struct Colour {
  int r, g, b;
};
constexpr Colour ground{16, 24, 32};
constexpr Colour ground_alternate{18, 28, 38};
constexpr Colour frame{70, 100, 130};
constexpr Colour body{90, 200, 120};
constexpr Colour head{170, 240, 150};
constexpr Colour apple{235, 80, 80};
constexpr Colour text{220, 225, 230};
constexpr Colour dark{8, 10, 14};

struct Cell {
  int x, y;
  friend bool operator==(Cell, Cell) = default;
};
constexpr Cell right{1, 0};
constexpr Cell left{-1, 0};
constexpr Cell down{0, 1};
constexpr Cell up{0, -1};

/// Digits as five rows of three bits.
constexpr unsigned short digits[10] = {
    0b111'101'101'101'111, 0b010'110'010'010'111, 0b111'001'111'100'111, 0b111'001'111'001'111,
    0b101'101'111'001'001, 0b111'100'111'001'111, 0b111'100'111'101'111, 0b111'001'001'010'010,
    0b111'101'111'101'111, 0b111'101'111'001'111};

/// Where the board lies on the screen.
struct View {
  int cell, x, y;

  static View of_screen() {
    int const width = screen_width();
    int const height = screen_height();
    int const by_width = width / (columns + 2);
    int const by_height = height / (rows + 4);
    int const cell = by_width < by_height ? by_width : by_height;
    return {cell, (width - columns * cell) / 2, (height - rows * cell) / 2 + cell};
  }

  void block(int left_edge, int top, int width, int height, Colour c) const {
    for (int dy = 0; dy < height; ++dy)
      for (int dx = 0; dx < width; ++dx) put_pixel(left_edge + dx, top + dy, c.r, c.g, c.b);
  }
  void fill(Cell at, Colour c, int inset) const {
    block(x + at.x * cell + inset, y + at.y * cell + inset, cell - 2 * inset, cell - 2 * inset, c);
  }
  void empty(Cell at) const { fill(at, (at.x + at.y) % 2 == 0 ? ground : ground_alternate, 0); }
  void digit(int place, int value) const {
    int const dot = cell / 5 > 0 ? cell / 5 : 1;
    int const left_edge = x + place * 4 * dot;
    int const top = y - 7 * dot - cell / 4;
    for (int bit = 0; bit < 15; ++bit) {
      bool const set = (digits[value] >> (14 - bit) & 1) != 0;
      block(left_edge + bit % 3 * dot, top + bit / 3 * dot, dot, dot, set ? text : dark);
    }
  }
  void number(int value) const {
    for (int place = 3; place >= 0; --place, value /= 10) digit(place, value % 10);
  }
};

bool pressed(int key) { return (key_state(key) & NACRE_PRESSED) != 0; }
int letter(char c) { return NACRE_KEY_A + (c - 'a'); }

class Game {
 public:
  /// Plays until the snake dies or the player leaves. False for the latter.
  bool play() {
    start();
    int frames = 0;
    bool paused = false;
    for (;;) {
      next_frame();
      if (pressed(NACRE_KEY_ESCAPE)) return false;
      if (pressed(NACRE_KEY_SPACE)) paused = !paused;
      steer();
      if (paused || ++frames < frames_per_step()) continue;
      frames = 0;
      if (!step()) return true;
    }
  }

  /// Shows the end until the player wants another game (true) or leaves.
  bool again() {
    for (int i = 0; i < length_; ++i) view_.fill(cells_[index(i)], frame, 1);
    for (;;) {
      next_frame();
      if (pressed(NACRE_KEY_ESCAPE)) return false;
      if (pressed(NACRE_KEY_ENTER) || pressed(NACRE_KEY_SPACE)) return true;
    }
  }

 private:
  static constexpr int capacity = columns * rows;

  void start() {
    view_ = View::of_screen();
    view_.block(0, 0, screen_width(), screen_height(), dark);
    int const border = view_.cell / 4 + 1;
    view_.block(view_.x - border, view_.y - border, columns * view_.cell + 2 * border,
                rows * view_.cell + 2 * border, frame);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) view_.empty({x, y});
    head_ = 0;
    length_ = 0;
    direction_ = wanted_ = right;
    for (int x = 0; x < 4; ++x) push({columns / 4 + x, rows / 2});
    score_ = 0;
    view_.number(score_);
    place_apple();
  }

  /// Quicker with every fifth apple.
  int frames_per_step() const {
    int const frames = first_frames_per_step - score_ / 5;
    return frames > fastest_frames_per_step ? frames : fastest_frames_per_step;
  }

  void steer() {
    struct {
      int key, letter;
      Cell direction;
    } const keys[] = {{NACRE_KEY_RIGHT, letter('d'), right},
                      {NACRE_KEY_LEFT, letter('a'), left},
                      {NACRE_KEY_DOWN, letter('s'), down},
                      {NACRE_KEY_UP, letter('w'), up}};
    for (auto const& k : keys) {
      bool const reverse = k.direction == Cell{-direction_.x, -direction_.y};
      if (!reverse && (pressed(k.key) || pressed(k.letter))) wanted_ = k.direction;
    }
  }

  /// One cell on. False when that is the end.
  bool step() {
    direction_ = wanted_;
    Cell const from = cells_[head_];
    Cell const to{from.x + direction_.x, from.y + direction_.y};
    bool const inside = to.x >= 0 && to.x < columns && to.y >= 0 && to.y < rows;
    if (!inside) return false;
    bool const eats = to == apple_;
    if (!eats) pop();
    if (occupied(to)) return false;
    push(to);
    if (eats) {
      view_.number(++score_);
      if (length_ == capacity) return false;
      place_apple();
    }
    return true;
  }

  int index(int from_tail) const { return (head_ - length_ + 1 + from_tail + capacity) % capacity; }
  bool occupied(Cell at) const {
    for (int i = 0; i < length_; ++i)
      if (cells_[index(i)] == at) return true;
    return false;
  }
  void push(Cell at) {
    if (length_ > 0) view_.fill(cells_[head_], body, 1);
    head_ = (head_ + 1) % capacity;
    cells_[head_] = at;
    ++length_;
    view_.fill(at, head, 1);
  }
  void pop() {
    view_.empty(cells_[index(0)]);
    --length_;
  }
  void place_apple() {
    do {
      unsigned const bits = static_cast<unsigned>(nacre_random());
      apple_ = {static_cast<int>(bits % columns), static_cast<int>(bits / columns % rows)};
    } while (occupied(apple_));
    view_.fill(apple_, apple, 2);
  }

  View view_{};
  Cell cells_[capacity];
  int head_ = 0;
  int length_ = 0;
  Cell direction_{};
  Cell wanted_{};
  Cell apple_{};
  int score_ = 0;
};

Game game;

}  // namespace

extern "C" __attribute__((export_name("_start"))) void start() {
  while (game.play() && game.again()) {
  }
}
