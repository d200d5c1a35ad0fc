// Blocks: falling pieces; full rows disappear.

#include "apps/common/arcade.hpp"
#include "apps/common/random.hpp"

namespace {

using namespace arcade;

constexpr int columns = 10;
constexpr int rows = 20;
constexpr int cell = 11;
constexpr int well_x = (Canvas::width - columns * cell) / 2;
constexpr int well_y = (Canvas::height - rows * cell) / 2;
constexpr int right_x = well_x + columns * cell + 14;
constexpr int rows_per_level = 10;
constexpr int flash_frames = 18;

constexpr Colour well = 0x0a0e16;
constexpr Colour grid = 0x121826;
constexpr Colour flash = 0xf4f6fa;

constexpr Note turns[] = {{440, 2}};
constexpr Note lands[] = {{130, 3}};
constexpr Note clears[] = {{523, 4}, {659, 4}, {784, 6}};
constexpr Note clears_four[] = {{523, 4}, {659, 4}, {784, 4}, {1047, 12}};
constexpr Note ends[] = {{392, 8}, {330, 8}, {262, 8}, {196, 20}};

struct Cell {
  int x, y;
};

constexpr int kinds = 7;
/// The cells of each piece as it appears, around the cell (0, 0) that it turns around.
constexpr Cell shapes[kinds][4] = {{{-1, 0}, {0, 0}, {1, 0}, {2, 0}},    // long
                                   {{0, 0}, {1, 0}, {0, -1}, {1, -1}},   // square
                                   {{-1, 0}, {0, 0}, {1, 0}, {0, -1}},   // T
                                   {{-1, 0}, {0, 0}, {0, -1}, {1, -1}},  // S
                                   {{-1, -1}, {0, -1}, {0, 0}, {1, 0}},  // Z
                                   {{-1, -1}, {-1, 0}, {0, 0}, {1, 0}},  // J
                                   {{-1, 0}, {0, 0}, {1, 0}, {1, -1}}};  // L
constexpr int square = 1;
constexpr Colour colours[kinds] = {palette::cyan, palette::gold, palette::purple, palette::green,
                                   palette::red,  palette::blue, palette::orange};

struct Piece {
  int kind = 0;
  int x = 0;
  int y = 0;
  int quarter_turns = 0;

  Cell cell(int number) const {
    Cell at = shapes[kind][number];
    for (int i = 0; i < quarter_turns; ++i) at = {-at.y, at.x};
    return {x + at.x, y + at.y};
  }
  Piece moved(int dx, int dy) const { return {kind, x + dx, y + dy, quarter_turns}; }
  Piece turned(int by) const { return {kind, x, y, kind == square ? 0 : (quarter_turns + by) & 3}; }
};

/// The keys that repeat, apart from what is zero when the game is loaded.
constinit RepeatingKey left_key(NACRE_KEY_LEFT, 10, 3);
constinit RepeatingKey right_key(NACRE_KEY_RIGHT, 10, 3);
constinit RepeatingKey down_key(NACRE_KEY_DOWN, 2, 2);

class Blocks {
 public:
  void start() {
    random_.seed();
    for (auto& row : well_)
      for (unsigned char& place : row) place = empty;
    drawn_ = kinds;
    next_ = draw_kind();
    cleared_ = 0;
    score_ = 0;
    flash_ = 0;
    is_over_ = false;
    appear();
  }

  void step() {
    if (flash_ > 0) {
      if (--flash_ == 0) {
        remove_full_rows();
        appear();
      }
      return;
    }
    if (left_key.acts()) try_to(piece_.moved(-1, 0));
    if (right_key.acts()) try_to(piece_.moved(1, 0));
    if (is_pressed(NACRE_KEY_UP) || is_pressed(letter('x'))) turn(1);
    if (is_pressed(letter('z'))) turn(3);
    if (is_pressed(NACRE_KEY_SPACE)) return drop();
    bool const soft = down_key.acts();
    if (!soft && ++frames_ < frames_per_row()) return;
    frames_ = 0;
    if (try_to(piece_.moved(0, 1)))
      score_ += soft;
    else
      land();
  }

  void draw(Canvas& canvas) {
    canvas.clear(palette::night);
    draw_well(canvas);
    if (flash_ == 0 && !is_over_) {
      draw_shadow(canvas);
      for (int i = 0; i < 4; ++i) draw_cell(canvas, piece_.cell(i), colours[piece_.kind]);
    }
    draw_counts(canvas);
    draw_next(canvas);
  }

  bool is_over() const { return is_over_; }
  int score() const { return score_; }
  const char* verdict() const { return "The well is full"; }

 private:
  static constexpr unsigned char empty = kinds;

  int level() const { return 1 + cleared_ / rows_per_level; }
  int frames_per_row() const {
    int const frames = 48 - 5 * (level() - 1);
    return frames > 3 ? frames : 3;
  }

  /// All seven kinds come before one comes again.
  int draw_kind() {
    if (drawn_ == kinds) {
      for (int i = 0; i < kinds; ++i) bag_[i] = i;
      for (int i = kinds - 1; i > 0; --i) {
        int const other = random_.below(i + 1);
        int const kept = bag_[i];
        bag_[i] = bag_[other];
        bag_[other] = kept;
      }
      drawn_ = 0;
    }
    return bag_[drawn_++];
  }
  void appear() {
    piece_ = {next_, columns / 2 - 1, 0, 0};
    next_ = draw_kind();
    frames_ = 0;
    if (fits(piece_)) return;
    is_over_ = true;
    sound.play(ends);
  }

  bool fits(const Piece& piece) const {
    for (int i = 0; i < 4; ++i) {
      auto const [x, y] = piece.cell(i);
      if (x < 0 || x >= columns || y >= rows) return false;
      if (y >= 0 && well_[y][x] != empty) return false;
    }
    return true;
  }
  bool try_to(const Piece& piece) {
    if (!fits(piece)) return false;
    piece_ = piece;
    return true;
  }
  /// Where it does not fit it may move a little aside, or up.
  void turn(int by) {
    constexpr Cell kicks[] = {{0, 0}, {-1, 0}, {1, 0}, {0, -1}, {-2, 0}, {2, 0}};
    for (auto const [dx, dy] : kicks) {
      if (!try_to(piece_.turned(by).moved(dx, dy))) continue;
      sound.play(turns);
      return;
    }
  }
  Piece fallen() const {
    Piece lowest = piece_;
    while (fits(lowest.moved(0, 1))) lowest = lowest.moved(0, 1);
    return lowest;
  }
  void drop() {
    Piece const lowest = fallen();
    score_ += 2 * (lowest.y - piece_.y);
    piece_ = lowest;
    land();
  }

  void land() {
    for (int i = 0; i < 4; ++i) {
      auto const [x, y] = piece_.cell(i);
      if (y >= 0) well_[y][x] = static_cast<unsigned char>(piece_.kind);
    }
    constexpr int points[] = {0, 100, 300, 500, 800};
    int full = 0;
    for (int y = 0; y < rows; ++y) full += is_full(y);
    score_ += points[full] * level();
    if (full == 0) {
      sound.play(lands);
      appear();
      return;
    }
    if (full == 4)
      sound.play(clears_four);
    else
      sound.play(clears);
    cleared_ += full;
    flash_ = flash_frames;
  }
  bool is_full(int y) const {
    for (unsigned char const place : well_[y])
      if (place == empty) return false;
    return true;
  }
  void remove_full_rows() {
    int to = rows - 1;
    for (int from = rows - 1; from >= 0; --from) {
      if (is_full(from)) continue;
      for (int x = 0; x < columns; ++x) well_[to][x] = well_[from][x];
      --to;
    }
    for (; to >= 0; --to)
      for (int x = 0; x < columns; ++x) well_[to][x] = empty;
  }

  static void draw_cell(Canvas& canvas, Cell at, Colour colour) {
    if (at.y >= 0) canvas.block(well_x + at.x * cell, well_y + at.y * cell, cell, cell, colour);
  }
  void draw_well(Canvas& canvas) const {
    canvas.outline(well_x - 3, well_y - 3, columns * cell + 6, rows * cell + 6, palette::line, 3);
    for (int y = 0; y < rows; ++y) {
      bool const flashes = flash_ > 0 && is_full(y);
      for (int x = 0; x < columns; ++x) {
        unsigned char const place = well_[y][x];
        if (place == empty) {
          canvas.fill(well_x + x * cell, well_y + y * cell, cell, cell, grid);
          canvas.fill(well_x + x * cell + 1, well_y + y * cell + 1, cell - 1, cell - 1, well);
        } else {
          Colour const colour =
              is_over_ ? mix(colours[place], palette::night, 140) : colours[place];
          draw_cell(canvas, {x, y},
                    flashes ? mix(colour, flash, 256 * flash_ / flash_frames) : colour);
        }
      }
    }
  }
  void draw_shadow(Canvas& canvas) const {
    Piece const lowest = fallen();
    for (int i = 0; i < 4; ++i) {
      auto const [x, y] = lowest.cell(i);
      if (y >= 0)
        canvas.outline(well_x + x * cell + 1, well_y + y * cell + 1, cell - 2, cell - 2,
                       mix(colours[lowest.kind], well, 120));
    }
  }
  void draw_counts(Canvas& canvas) const {
    int const x = well_x - 14;
    int const line = canvas.line_height();
    int y = well_y;
    auto const count = [&](const char* name, int number) {
      canvas.text(x, y, Align::Right, name, palette::faint);
      canvas.text(x, y + line, Align::Right, Text() << number, palette::text);
      y += 3 * line;
    };
    count("Score", score_);
    count("Level", level());
    count("Rows", cleared_);
  }
  void draw_next(Canvas& canvas) const {
    canvas.text(right_x, well_y, Align::Left, "Next", palette::faint);
    int const y = well_y + canvas.line_height() + 4;
    canvas.fill(right_x, y, 5 * cell, 4 * cell, palette::panel);
    canvas.outline(right_x, y, 5 * cell, 4 * cell, palette::line);
    // In the middle of its frame: the long piece and the square are of even width.
    bool const even = next_ <= square;
    int const left = right_x + 2 * cell - (even ? cell / 2 : 0);
    int const top = y + 2 * cell - (next_ == 0 ? cell / 2 : 0);
    for (auto const [dx, dy] : shapes[next_])
      canvas.block(left + dx * cell, top + dy * cell, cell, cell, colours[next_]);
    constexpr const char* hints[] = {"← → move", "↑ turn", "↓ fall", "Space drop"};
    int hint_y = well_y + rows * cell - 4 * canvas.line_height();
    for (const char* const hint : hints) {
      canvas.text(right_x, hint_y, Align::Left, hint, palette::line);
      hint_y += canvas.line_height();
    }
  }

  Random random_;
  unsigned char well_[rows][columns]{};
  int bag_[kinds]{};
  int drawn_ = 0;
  Piece piece_;
  int next_ = 0;
  int frames_ = 0;
  int cleared_ = 0;
  int score_ = 0;
  int flash_ = 0;
  bool is_over_ = false;
};

constexpr Guide guide{
    "BLOCKS",
    "Fill whole rows: they disappear",
    {"Left and Right move", "Up or X turns, Z the other way", "Down falls, Space drops", nullptr}};
constinit Blocks blocks;
constinit Arcade<Blocks> game(blocks, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
