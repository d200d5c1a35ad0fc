// Life: Conway's cells. A cell lives on with two or three neighbours, and is born with three. Grow
// something that takes long to settle.

#include "apps/common/arcade.hpp"
#include "apps/common/random.hpp"

namespace {

using namespace arcade;

constexpr int columns = 128;
constexpr int rows = 112;
constexpr int cell = 2;
constexpr int field_x = 4;
constexpr int field_y = (Canvas::height - rows * cell) / 2;
constexpr int panel_x = field_x + columns * cell + 6;
/// So long is shown what has settled.
constexpr int generations_shown = 120;

constexpr Colour ground = 0x0a0e16;
constexpr Colour born = 0xf0f5b4;
constexpr Colour alive = 0x5ac878;
constexpr Colour died = 0x1c3834;
constexpr Colour cursor = 0xeb5050;

constexpr int speeds = 6;
constexpr int frames_per_generation[speeds] = {30, 12, 6, 3, 2, 1};

constexpr Note sets[] = {{880, 1}};
constexpr Note runs[] = {{440, 3}, {660, 3}};
constexpr Note stops[] = {{660, 3}, {440, 3}};
constexpr Note ends[] = {{523, 8}, {392, 8}, {330, 16}};

struct Pattern {
  const char* name;
  const char* rows[14];
};
constexpr Pattern patterns[] = {
    {"Glider", {".O.", "..O", "OOO"}},
    {"R", {".OO", "OO.", ".O."}},
    {"Acorn", {".O.....", "...O...", "OO..OOO"}},
    {"Ship", {".O..O", "O....", "O...O", "OOOO."}},
    {"Pulsar",
     {"..OOO...OOO..", ".............", "O....O.O....O", "O....O.O....O", "O....O.O....O",
      "..OOO...OOO..", ".............", "..OOO...OOO..", "O....O.O....O", "O....O.O....O",
      "O....O.O....O", ".............", "..OOO...OOO.."}},
    {"Gun",
     {"........................O...........", "......................O.O...........",
      "............OO......OO............OO", "...........O...O....OO............OO",
      "OO........O.....O...OO..............", "OO........O...O.OO....O.O...........",
      "..........O.....O.......O...........", "...........O...O....................",
      "............OO......................"}},
};
constexpr int pattern_count = sizeof patterns / sizeof patterns[0];

/// All cells: a row is 128 bits, the leftmost in the lowest. The edges meet: what leaves on one
/// side comes in on the other.
class Cells {
 public:
  using Word = uint64_t;
  static constexpr int words = columns / 64;

  void clear() {
    for (auto& row : rows_)
      for (Word& word : row) word = 0;
  }
  bool get(int x, int y) const { return (rows_[y][x / 64] >> x % 64 & 1) != 0; }
  void set(int x, int y, bool lives) {
    Word const bit = Word{1} << x % 64;
    Word& word = rows_[y][x / 64];
    word = lives ? word | bit : word & ~bit;
  }
  Word word(int y, int index) const { return rows_[y][index]; }

  int population() const {
    int count = 0;
    for (auto const& row : rows_)
      for (Word const word : row) count += __builtin_popcountll(word);
    return count;
  }
  /// Tells two states apart.
  Word fingerprint() const {
    Word hash = 0xcbf29ce484222325;
    for (auto const& row : rows_)
      for (Word const word : row) hash = ((hash ^ word) * 0x9e3779b97f4a7c15) ^ hash >> 29;
    return hash;
  }

  /// The generation after `before`, 64 cells at a time.
  void become_next_of(const Cells& before) {
    for (int y = 0; y < rows; ++y)
      for (int i = 0; i < words; ++i) rows_[y][i] = before.next_of(y, i);
  }

 private:
  /// Two bits for each cell: how many of a cell and those beside it live.
  struct Sums {
    Word ones, twos;
  };
  Word left_of(int y, int i) const {
    return rows_[y][i] << 1 | rows_[y][(i + words - 1) % words] >> 63;
  }
  Word right_of(int y, int i) const { return rows_[y][i] >> 1 | rows_[y][(i + 1) % words] << 63; }
  Sums three_of(int y, int i) const {
    Word const left = left_of(y, i);
    Word const middle = rows_[y][i];
    Word const right = right_of(y, i);
    return {left ^ middle ^ right, (left & middle) | (right & (left | middle))};
  }
  Word next_of(int y, int i) const {
    Sums const above = three_of((y + rows - 1) % rows, i);
    Sums const below = three_of((y + 1) % rows, i);
    Sums const beside{left_of(y, i) ^ right_of(y, i), left_of(y, i) & right_of(y, i)};
    Word const ones = above.ones ^ below.ones ^ beside.ones;
    Word const carry = (above.ones & below.ones) | (beside.ones & (above.ones | below.ones));
    // Two or three neighbours: of the four pairs that there may be, exactly one.
    Word const odd = above.twos ^ below.twos ^ beside.twos ^ carry;
    Word const several = (above.twos & below.twos) | (beside.twos & carry);
    return odd & ~several & (ones | rows_[y][i]);
  }

  Word rows_[rows][words]{};
};

/// What never changes.
constinit Canvas background;

constinit RepeatingKey left_key(NACRE_KEY_LEFT, 12, 2);
constinit RepeatingKey right_key(NACRE_KEY_RIGHT, 12, 2);
constinit RepeatingKey up_key(NACRE_KEY_UP, 12, 2);
constinit RepeatingKey down_key(NACRE_KEY_DOWN, 12, 2);

class Life {
 public:
  void start() {
    random_.seed();
    draw_background();
    clear();
    x_ = columns / 2;
    y_ = rows / 2;
    speed_ = 3;
  }

  void step() {
    move_cursor();
    if (is_pressed(NACRE_KEY_SPACE)) change([&] { cells_.set(x_, y_, !cells_.get(x_, y_)); });
    for (int i = 0; i < pattern_count; ++i)
      if (is_pressed(NACRE_KEY_1 + i)) change([&] { place(patterns[i]); });
    if (is_pressed(letter('s'))) change([&] { sow(); });
    if (is_pressed(letter('c'))) clear();
    if (is_pressed(NACRE_KEY_EQUAL) && speed_ < speeds - 1) ++speed_;
    if (is_pressed(NACRE_KEY_MINUS) && speed_ > 0) --speed_;
    if (is_pressed(NACRE_KEY_ENTER)) {
      is_running_ = !is_running_;
      if (is_running_)
        sound.play(runs);
      else
        sound.play(stops);
    }
    ++frames_;
    bool const is_time = is_running_ && frames_ >= frames_per_generation[speed_];
    if (is_time || (!is_running_ && is_pressed(letter('n')))) advance();
  }

  void draw(Canvas& canvas) {
    canvas.copy(background);
    for (int y = 0; y < rows; ++y) {
      for (int i = 0; i < Cells::words; ++i) {
        Cells::Word const now = cells_.word(y, i);
        Cells::Word const before = before_.word(y, i);
        draw_cells(canvas, y, i, now & before, alive);
        draw_cells(canvas, y, i, now & ~before, born);
        draw_cells(canvas, y, i, before & ~now, died);
      }
    }
    if (!is_running_)
      canvas.outline(field_x + x_ * cell - 2, field_y + y_ * cell - 2, cell + 4, cell + 4, cursor);
    draw_panel(canvas);
  }

  bool is_over() const { return is_over_; }
  int score() const { return settled_at_ > 0 ? settled_at_ : generation_; }
  const char* verdict() const {
    return cells_.population() == 0 ? "Nobody lives any more" : "From here on it repeats itself";
  }

 private:
  /// The player's hand: what was known of the future is void.
  template <class Edit>
  void change(Edit edit) {
    edit();
    before_ = cells_;
    generation_ = 0;
    settled_at_ = 0;
    next_mark_ = 1;
    mark_ = 0;
    sound.play(sets);
  }
  void clear() {
    is_running_ = false;
    is_over_ = false;
    change([&] { cells_.clear(); });
  }
  void place(const Pattern& pattern) {
    int height = 0;
    while (pattern.rows[height] != nullptr) ++height;
    int width = 0;
    while (pattern.rows[0][width] != '\0') ++width;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        cells_.set((x_ + x - width / 2 + columns) % columns, (y_ + y - height / 2 + rows) % rows,
                   pattern.rows[y][x] == 'O');
  }
  /// Cells at random around the cursor.
  void sow() {
    constexpr int reach = 10;
    for (int dy = -reach; dy <= reach; ++dy)
      for (int dx = -reach; dx <= reach; ++dx)
        cells_.set((x_ + dx + columns) % columns, (y_ + dy + rows) % rows, random_.one_in(3));
  }
  void move_cursor() {
    x_ = (x_ + right_key.acts() - left_key.acts() + columns) % columns;
    y_ = (y_ + down_key.acts() - up_key.acts() + rows) % rows;
  }

  void advance() {
    frames_ = 0;
    before_ = cells_;
    cells_.become_next_of(before_);
    ++generation_;
    if (settled_at_ == 0) look_for_repetition();
    if (!is_running_ || settled_at_ == 0) return;
    bool const is_empty = cells_.population() == 0;
    if (!is_empty && generation_ < settled_at_ + generations_shown) return;
    is_over_ = true;
    sound.play(ends);
  }
  /// Compares each state with one that is remembered, for twice as long each time: sooner or later
  /// that one is part of what repeats itself.
  void look_for_repetition() {
    Cells::Word const state = cells_.fingerprint();
    if (state == mark_) settled_at_ = generation_;
    if (generation_ < next_mark_) return;
    mark_ = state;
    next_mark_ *= 2;
  }

  static void draw_background() {
    background.clear(palette::night);
    background.outline(field_x - 2, field_y - 2, columns * cell + 4, rows * cell + 4, palette::line,
                       2);
    background.fill(field_x, field_y, columns * cell, rows * cell, ground);
  }
  static void draw_cells(Canvas& canvas, int y, int index, Cells::Word word, Colour colour) {
    Colour* const upper = canvas.row(field_y + y * cell) + field_x + index * 64 * cell;
    Colour* const lower = upper + Canvas::width;
    for (; word != 0; word &= word - 1) {
      int const x = cell * __builtin_ctzll(word);
      upper[x] = upper[x + 1] = lower[x] = lower[x + 1] = colour;
    }
  }
  void draw_panel(Canvas& canvas) const {
    int const line = canvas.line_height();
    int y = field_y;
    auto const write = [&](const Text& text, Colour colour) {
      canvas.text(panel_x, y, Align::Left, text, colour);
      y += line;
    };
    write("Age", palette::faint);
    write(Text() << generation_, palette::text);
    write("Cells", palette::faint);
    write(Text() << cells_.population(), palette::text);
    write("Speed", palette::faint);
    write(Text() << speed_ + 1, palette::text);
    write(settled_at_ > 0 ? "Settled"
          : is_running_   ? "Running"
                          : "Editing",
          settled_at_ > 0 ? palette::orange
          : is_running_   ? palette::green
                          : palette::gold);
    y += line / 2;
    for (int i = 0; i < pattern_count; ++i)
      write(Text() << i + 1 << " " << patterns[i].name, palette::line);
    constexpr const char* hints[] = {"S sow", "C clear", "N next", "+- speed"};
    for (const char* const hint : hints) write(hint, palette::line);
  }

  Random random_;
  Cells cells_;
  Cells before_;
  int x_ = 0;
  int y_ = 0;
  int speed_ = 0;
  int frames_ = 0;
  int generation_ = 0;
  int settled_at_ = 0;
  int next_mark_ = 0;
  Cells::Word mark_ = 0;
  bool is_running_ = false;
  bool is_over_ = false;
};

constexpr Guide guide{
    "LIFE",
    "Grow what takes long to settle",
    {"Arrow keys move, Space sets a cell", "1 to 6 place a pattern, S sows at random",
     "Enter runs and stops, N is one step", "+ and - change the speed, C clears", nullptr}};
constinit Life life;
constinit Arcade<Life> game(life, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
