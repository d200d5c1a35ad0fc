// Bricks: a ball, a paddle, and a wall to break.

#include "apps/common/arcade.hpp"
#include "apps/common/random.hpp"
#include "apps/common/trigonometry.hpp"

namespace {

using namespace arcade;

constexpr int columns = 12;
constexpr int rows = 7;
constexpr int brick_width = 25;
constexpr int brick_height = 10;
constexpr int wall = 6;
constexpr int field_left = wall;
constexpr int field_right = Canvas::width - wall;
constexpr int field_top = 24;
constexpr int bricks_x = (Canvas::width - columns * brick_width) / 2;
constexpr int bricks_y = field_top + 18;

constexpr int paddle_y = 224;
constexpr int paddle_height = 6;
constexpr int paddle_width = 46;
constexpr float paddle_speed = 4.5f;
constexpr int ball_size = 5;
constexpr float first_speed = 2.3f;
constexpr float fastest_speed = 4.6f;
constexpr int balls_at_first = 3;
constexpr int most_sparks = 64;

constexpr Colour ground = 0x0a0e16;
constexpr Colour paddle_colour = 0xc8d2e0;
constexpr Colour ball_colour = 0xfafaf0;
constexpr Colour colours[rows] = {palette::purple, palette::blue,   palette::cyan, palette::green,
                                  palette::gold,   palette::orange, palette::red};

constexpr Note hits_paddle[] = {{330, 2}};
constexpr Note hits_wall[] = {{220, 1}};
constexpr Note breaks[] = {{660, 2}};
constexpr Note cracks[] = {{500, 2}};
constexpr Note loses[] = {{250, 6}, {200, 6}, {150, 12}};
constexpr Note wins[] = {{523, 5}, {659, 5}, {784, 5}, {1047, 12}};

/// Which bricks each level has: one hit, two hits, or none. The levels come again and again.
constexpr int level_count = 4;
constexpr char levels[level_count][rows][columns + 1] = {
    {"            ", "111111111111", "111111111111", "111111111111", "111111111111", "111111111111",
     "            "},
    {"1 1 1 1 1 1 ", " 1 1 1 1 1 1", "1 1 1 1 1 1 ", " 2 2 2 2 2 2", "1 1 1 1 1 1 ", " 1 1 1 1 1 1",
     "1 1 1 1 1 1 "},
    {"     22     ", "    1111    ", "   111111   ", "  11122111  ", " 1111221111 ", "111111111111",
     "222    22222"},
    {"222222222222", "2          2", "2 11111111 2", "2 12222221 2", "2 11111111 2", "2          2",
     "111111111111"}};

struct Spark {
  float x, y, dx, dy;
  int frames;
  Colour colour;
};

/// What never changes.
constinit Canvas field;

class Bricks {
 public:
  void start() {
    random_.seed();
    draw_field();
    score_ = 0;
    level_ = 0;
    balls_ = balls_at_first;
    paddle_ = (Canvas::width - paddle_width) / 2;
    for (Spark& spark : sparks_) spark.frames = 0;
    build_wall();
    wait_on_paddle();
  }

  void step() {
    move_paddle();
    move_sparks();
    if (is_waiting_) {
      x_ = paddle_ + (paddle_width - ball_size) / 2.0f;
      if (is_pressed(NACRE_KEY_SPACE) || is_pressed(NACRE_KEY_UP)) serve();
      return;
    }
    // In two halves: it never moves through anything.
    for (int half = 0; half < 2 && !is_waiting_; ++half) move_ball();
  }

  void draw(Canvas& canvas) {
    canvas.copy(field);
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column) draw_brick(canvas, column, row);
    for (Spark const& spark : sparks_)
      if (spark.frames > 0)
        canvas.fill(static_cast<int>(spark.x), static_cast<int>(spark.y), 2, 2,
                    mix(ground, spark.colour, 8 * spark.frames));
    auto const paddle = static_cast<int>(paddle_);
    canvas.block(paddle, paddle_y, paddle_width, paddle_height, paddle_colour);
    canvas.fill(paddle + 4, paddle_y + 2, 6, 2, palette::red);
    canvas.fill(paddle + paddle_width - 10, paddle_y + 2, 6, 2, palette::red);
    if (balls_ > 0)
      canvas.disc(static_cast<int>(x_) + ball_size / 2, static_cast<int>(y_) + ball_size / 2,
                  ball_size / 2, ball_colour);
    canvas.text(wall, 3, Align::Left, Text("Score ") << score_, palette::text);
    canvas.text(Canvas::width / 2, 3, Align::Centre, Text("Level ") << level_ + 1, palette::faint);
    canvas.text(field_right, 3, Align::Right, Text("Balls ") << balls_, palette::text);
    if (is_waiting_ && balls_ > 0)
      canvas.text(Canvas::width / 2, 180, Align::Centre, "Space serves", palette::gold);
  }

  bool is_over() const { return balls_ == 0; }
  int score() const { return score_; }
  const char* verdict() const { return "That was your last ball"; }

 private:
  static void draw_field() {
    field.fade(ground, 0x1c2440);
    for (int x = field_left; x < field_right; x += 22)
      for (int y = field_top; y < Canvas::height; y += 22) field.pixel(x, y, palette::line);
    field.fill(0, 0, Canvas::width, field_top - wall, palette::night);
    field.block(0, field_top - wall, Canvas::width, wall, palette::line);
    field.block(0, field_top - 1, wall, Canvas::height, palette::line);
    field.block(field_right, field_top - 1, wall, Canvas::height, palette::line);
  }

  void build_wall() {
    bricks_left_ = 0;
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        char const kind = levels[level_ % level_count][row][column];
        bricks_[row][column] = kind == ' ' ? 0 : static_cast<unsigned char>(kind - '0');
        bricks_left_ += bricks_[row][column] != 0;
      }
    }
  }
  void wait_on_paddle() {
    is_waiting_ = true;
    hits_ = 0;
    y_ = paddle_y - ball_size;
    x_ = paddle_ + (paddle_width - ball_size) / 2.0f;
  }
  void serve() {
    is_waiting_ = false;
    head(random_.between(-60, 60));
    sound.play(hits_paddle);
  }
  /// Quicker with every hit of the paddle, and with every level.
  float speed() const {
    float const speed =
        first_speed + 0.06f * static_cast<float>(hits_) + 0.25f * static_cast<float>(level_);
    return speed < fastest_speed ? speed : fastest_speed;
  }
  /// Upwards, `angle` to the right of straight up.
  void head(int angle) {
    dx_ = speed() * sine(angle);
    dy_ = -speed() * cosine(angle);
  }

  void move_paddle() {
    bool const left = is_down(NACRE_KEY_LEFT) || is_down(letter('a'));
    bool const right = is_down(NACRE_KEY_RIGHT) || is_down(letter('d'));
    paddle_ += paddle_speed * static_cast<float>(right - left);
    if (paddle_ < field_left) paddle_ = field_left;
    if (paddle_ > field_right - paddle_width) paddle_ = field_right - paddle_width;
  }

  void move_ball() {
    x_ += dx_ / 2;
    if (hits_brick()) {
      x_ -= dx_ / 2;
      dx_ = -dx_;
    }
    y_ += dy_ / 2;
    if (hits_brick()) {
      y_ -= dy_ / 2;
      dy_ = -dy_;
    }
    if (bricks_left_ == 0) return finish_level();
    bounce_off_walls();
    bounce_off_paddle();
    if (y_ >= Canvas::height) lose_ball();
  }
  void bounce_off_walls() {
    bool const sideways =
        (x_ <= field_left && dx_ < 0) || (x_ >= field_right - ball_size && dx_ > 0);
    bool const above = y_ <= field_top && dy_ < 0;
    if (sideways) dx_ = -dx_;
    if (above) dy_ = -dy_;
    if (sideways || above) sound.play(hits_wall);
  }
  /// Where it hits the paddle says where it goes.
  void bounce_off_paddle() {
    bool const meets = dy_ > 0 && y_ + ball_size >= paddle_y && y_ < paddle_y + paddle_height &&
                       x_ + ball_size > paddle_ && x_ < paddle_ + paddle_width;
    if (!meets) return;
    constexpr int widest = full_turn / 6;
    float const off_centre = (x_ + ball_size / 2.0f - paddle_) / (paddle_width / 2.0f) - 1;
    ++hits_;
    head(static_cast<int>(off_centre * widest));
    sound.play(hits_paddle);
  }
  void lose_ball() {
    --balls_;
    sound.play(loses);
    wait_on_paddle();
  }
  void finish_level() {
    ++level_;
    score_ += 100;
    sound.play(wins);
    build_wall();
    wait_on_paddle();
  }

  /// Hits the brick at one of the ball's corners, if there is one.
  bool hits_brick() {
    for (int corner = 0; corner < 4; ++corner) {
      int const x = static_cast<int>(x_) + (corner % 2 == 0 ? 0 : ball_size - 1) - bricks_x;
      int const y = static_cast<int>(y_) + (corner / 2 == 0 ? 0 : ball_size - 1) - bricks_y;
      if (x < 0 || y < 0) continue;
      int const column = x / brick_width;
      int const row = y / brick_height;
      if (column >= columns || row >= rows || bricks_[row][column] == 0) continue;
      hit(column, row);
      return true;
    }
    return false;
  }
  void hit(int column, int row) {
    if (--bricks_[row][column] != 0) return sound.play(cracks);
    --bricks_left_;
    score_ += 10 * (rows - row);
    sound.play(breaks);
    float const x = static_cast<float>(bricks_x + column * brick_width + brick_width / 2);
    float const y = static_cast<float>(bricks_y + row * brick_height + brick_height / 2);
    for (int i = 0; i < 8; ++i) {
      float const speed = static_cast<float>(random_.between(5, 20)) / 10;
      int const angle = random_.below(full_turn);
      sparks_[next_spark_++ % most_sparks] = {
          x, y, speed * sine(angle), speed * cosine(angle), 30, colours[row]};
    }
  }
  void move_sparks() {
    for (Spark& spark : sparks_) {
      if (spark.frames == 0) continue;
      --spark.frames;
      spark.x += spark.dx;
      spark.y += spark.dy;
      spark.dy += 0.06f;
    }
  }

  void draw_brick(Canvas& canvas, int column, int row) const {
    int const hits = bricks_[row][column];
    if (hits == 0) return;
    int const x = bricks_x + column * brick_width;
    int const y = bricks_y + row * brick_height;
    canvas.block(x, y, brick_width - 1, brick_height - 1, colours[row]);
    if (hits > 1) canvas.outline(x + 2, y + 2, brick_width - 5, brick_height - 5, palette::text);
  }

  Random random_;
  unsigned char bricks_[rows][columns]{};
  int bricks_left_ = 0;
  float paddle_ = 0;
  float x_ = 0;
  float y_ = 0;
  float dx_ = 0;
  float dy_ = 0;
  bool is_waiting_ = false;
  int hits_ = 0;
  int balls_ = 0;
  int level_ = 0;
  int score_ = 0;
  Spark sparks_[most_sparks]{};
  unsigned next_spark_ = 0;
};

constexpr Guide guide{"BRICKS",
                      "Break the wall, keep the ball",
                      {"Left and Right move the paddle", "Space serves", nullptr}};
constinit Bricks bricks;
constinit Arcade<Bricks> game(bricks, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
