// Comets: a ship among rocks that break into smaller ones. What leaves on one side comes in on the
// other.

#include "apps/common/arcade.hpp"
#include "apps/common/random.hpp"
#include "apps/common/trigonometry.hpp"

namespace {

using namespace arcade;

constexpr int most_rocks = 40;
constexpr int most_shots = 5;
constexpr int most_sparks = 80;
constexpr int corners = 10;
constexpr int sizes = 3;
constexpr float radius_of[sizes] = {6, 12, 20};
constexpr int points_for[sizes] = {100, 50, 20};
constexpr float ship_radius = 6;
constexpr int turn_speed = 14;
constexpr float thrust = 0.045f;
constexpr float drag = 0.992f;
constexpr float shot_speed = 4;
constexpr int shot_frames = 50;
constexpr int ships_at_first = 3;
/// A new ship cannot be hit for so long.
constexpr int shield_frames = 150;
constexpr int star_count = 90;

constexpr Colour space = 0x080a14;
constexpr Colour rock_colours[sizes] = {palette::orange, 0xb49678, 0x96a0b4};
constexpr Colour flame = palette::orange;

constexpr Note shoots[] = {{1200, 1}, {900, 1}, {700, 1}};
constexpr Note breaks[] = {{180, 3}, {120, 4}};
constexpr Note crashes[] = {{160, 8}, {110, 8}, {70, 16}};
constexpr Note arrives[] = {{392, 4}, {523, 4}, {659, 8}};

struct Vector {
  float x, y;
  friend constexpr Vector operator+(Vector a, Vector b) { return {a.x + b.x, a.y + b.y}; }
  friend constexpr Vector operator*(Vector a, float by) { return {a.x * by, a.y * by}; }
};
constexpr Vector pointing(int angle) { return {cosine(angle), sine(angle)}; }

struct Body {
  Vector at, speed;

  void move() {
    at = at + speed;
    at.x = wrapped(at.x, Canvas::width);
    at.y = wrapped(at.y, Canvas::height);
  }
  /// Across the edges, too.
  bool is_within(float distance, const Body& other) const {
    float const dx = nearest(at.x - other.at.x, Canvas::width);
    float const dy = nearest(at.y - other.at.y, Canvas::height);
    return dx * dx + dy * dy < distance * distance;
  }

 private:
  static float wrapped(float x, int size) {
    auto const limit = static_cast<float>(size);
    return x < 0 ? x + limit : x >= limit ? x - limit : x;
  }
  static float nearest(float x, int size) {
    auto const half = static_cast<float>(size) / 2;
    return x > half ? x - 2 * half : x < -half ? x + 2 * half : x;
  }
};
struct Rock : Body {
  bool exists;
  int size;
  int angle;
  int spin;
  float bumps[corners];
};
struct Shot : Body {
  int frames;
};
struct Spark : Body {
  int frames;
  Colour colour;
};

/// What never changes.
constinit Canvas stars;

class Comets {
 public:
  void start() {
    random_.seed();
    draw_stars();
    for (Rock& rock : rocks_) rock.exists = false;
    for (Spark& spark : sparks_) spark.frames = 0;
    score_ = 0;
    ships_ = ships_at_first;
    wave_ = 0;
    launch();
    next_wave();
  }

  void step() {
    fly();
    if (is_pressed(NACRE_KEY_SPACE)) shoot();
    for (Rock& rock : rocks_) {
      rock.move();
      rock.angle += rock.spin;
    }
    for (Shot& shot : shots_) {
      if (shot.frames == 0) continue;
      --shot.frames;
      shot.move();
    }
    for (Spark& spark : sparks_) {
      if (spark.frames == 0) continue;
      --spark.frames;
      spark.move();
    }
    if (shield_ > 0) --shield_;
    collide();
    if (ships_ > 0 && rocks_left() == 0) next_wave();
  }

  void draw(Canvas& canvas) {
    canvas.copy(stars);
    for (Spark const& spark : sparks_)
      if (spark.frames > 0)
        canvas.pixel(static_cast<int>(spark.at.x), static_cast<int>(spark.at.y),
                     mix(space, spark.colour, 6 * spark.frames));
    for (Rock const& rock : rocks_)
      if (rock.exists) draw_rock(canvas, rock);
    for (Shot const& shot : shots_)
      if (shot.frames > 0)
        canvas.fill(static_cast<int>(shot.at.x), static_cast<int>(shot.at.y), 2, 2, palette::gold);
    if (ships_ > 0) draw_ship(canvas);
    canvas.text(8, 4, Align::Left, Text("Score ") << score_, palette::text);
    canvas.text(Canvas::width / 2, 4, Align::Centre, Text("Wave ") << wave_, palette::faint);
    canvas.text(Canvas::width - 8, 4, Align::Right, Text("Ships ") << ships_, palette::text);
  }

  bool is_over() const { return ships_ == 0; }
  int score() const { return score_; }
  const char* verdict() const { return "The last ship is lost"; }

 private:
  static void draw_stars() {
    Random placed;
    placed.seed();
    stars.fade(space, 0x141028);
    for (int i = 0; i < star_count; ++i)
      stars.pixel(placed.below(Canvas::width), placed.below(Canvas::height),
                  mix(space, 0xffffff, placed.between(40, 180)));
  }

  void launch() {
    ship_ = {{Canvas::width / 2, Canvas::height / 2}, {0, 0}};
    angle_ = -full_turn / 4;
    shield_ = shield_frames;
    for (Shot& shot : shots_) shot.frames = 0;
  }
  void next_wave() {
    ++wave_;
    int const count = wave_ < 7 ? wave_ + 2 : 8;
    for (int i = 0; i < count; ++i) {
      // From an edge, away from where the ship begins.
      bool const from_side = random_.one_in(2);
      Vector const at{from_side ? 0.0f : static_cast<float>(random_.below(Canvas::width)),
                      from_side ? static_cast<float>(random_.below(Canvas::height)) : 0.0f};
      add_rock(at, sizes - 1);
    }
    sound.play(arrives);
  }
  int rocks_left() const {
    int count = 0;
    for (Rock const& rock : rocks_) count += rock.exists;
    return count;
  }
  void add_rock(Vector at, int size) {
    for (Rock& rock : rocks_) {
      if (rock.exists) continue;
      auto const quickness = static_cast<float>(random_.between(30, 60 + 5 * wave_)) / 100;
      rock.at = at;
      rock.speed =
          pointing(random_.below(full_turn)) * (quickness * static_cast<float>(4 - size) / 2);
      rock.exists = true;
      rock.size = size;
      rock.angle = 0;
      rock.spin = random_.between(-8, 8);
      for (float& bump : rock.bumps) bump = static_cast<float>(random_.between(75, 110)) / 100;
      return;
    }
  }

  void fly() {
    angle_ += turn_speed * (is_down(NACRE_KEY_RIGHT) - is_down(NACRE_KEY_LEFT));
    if (is_down(NACRE_KEY_UP)) {
      ship_.speed = ship_.speed + pointing(angle_) * thrust;
      Vector const back = pointing(angle_ + full_turn / 2 + random_.between(-60, 60));
      add_spark(ship_.at + back * ship_radius, ship_.speed + back * 1.2f, flame);
    }
    ship_.speed = ship_.speed * drag;
    ship_.move();
  }
  void shoot() {
    for (Shot& shot : shots_) {
      if (shot.frames > 0) continue;
      Vector const ahead = pointing(angle_);
      shot = {{ship_.at + ahead * ship_radius, ship_.speed + ahead * shot_speed}, shot_frames};
      sound.play(shoots);
      return;
    }
  }
  void collide() {
    for (Rock& rock : rocks_) {
      if (!rock.exists) continue;
      for (Shot& shot : shots_) {
        if (shot.frames == 0 || !rock.is_within(radius_of[rock.size] + 1, shot)) continue;
        shot.frames = 0;
        score_ += points_for[rock.size];
        break_up(rock);
        break;
      }
      bool const meets =
          rock.exists && rock.is_within(radius_of[rock.size] + ship_radius - 2, ship_);
      if (!meets || shield_ > 0) continue;
      break_up(rock);
      lose_ship();
    }
  }
  void break_up(Rock& rock) {
    rock.exists = false;
    for (int i = 0; i < 12; ++i) scatter(rock.at, rock_colours[rock.size]);
    sound.play(breaks);
    // The first half may take its place.
    Vector const at = rock.at;
    int const size = rock.size - 1;
    for (int i = 0; i < 2 && size >= 0; ++i) add_rock(at, size);
  }
  void lose_ship() {
    for (int i = 0; i < 30; ++i) scatter(ship_.at, palette::cyan);
    --ships_;
    sound.play(crashes);
    if (ships_ > 0) launch();
  }
  void scatter(Vector at, Colour colour) {
    auto const speed = static_cast<float>(random_.between(3, 16)) / 10;
    add_spark(at, pointing(random_.below(full_turn)) * speed, colour);
  }
  void add_spark(Vector at, Vector speed, Colour colour) {
    sparks_[next_spark_++ % most_sparks] = {{at, speed}, 40, colour};
  }

  static void draw_line(Canvas& canvas, Vector from, Vector to, Colour colour) {
    Vector const way{to.x - from.x, to.y - from.y};
    float const longer = absolute(way.x) > absolute(way.y) ? absolute(way.x) : absolute(way.y);
    int const steps = static_cast<int>(longer) + 1;
    Vector const step = way * (1 / static_cast<float>(steps));
    for (int i = 0; i <= steps; ++i, from = from + step)
      canvas.pixel(static_cast<int>(from.x), static_cast<int>(from.y), colour);
  }
  static Vector corner_of(const Rock& rock, int number) {
    int const corner = number % corners;
    int const angle = rock.angle + corner * full_turn / corners;
    return rock.at + pointing(angle) * (radius_of[rock.size] * rock.bumps[corner]);
  }
  static void draw_rock(Canvas& canvas, const Rock& rock) {
    canvas.disc(static_cast<int>(rock.at.x), static_cast<int>(rock.at.y),
                static_cast<int>(radius_of[rock.size] * 0.72f),
                mix(space, rock_colours[rock.size], 70));
    for (int i = 0; i < corners; ++i)
      draw_line(canvas, corner_of(rock, i), corner_of(rock, i + 1), rock_colours[rock.size]);
  }
  void draw_ship(Canvas& canvas) const {
    constexpr int spread = full_turn * 2 / 5;
    Vector const nose = ship_.at + pointing(angle_) * ship_radius;
    Vector const left = ship_.at + pointing(angle_ - spread) * ship_radius;
    Vector const right = ship_.at + pointing(angle_ + spread) * ship_radius;
    Vector const stern = ship_.at + pointing(angle_ + full_turn / 2) * 2;
    // Behind its shield it blinks.
    Colour const colour = shield_ % 16 < 8 ? palette::cyan : palette::line;
    draw_line(canvas, nose, left, colour);
    draw_line(canvas, nose, right, colour);
    draw_line(canvas, left, stern, colour);
    draw_line(canvas, right, stern, colour);
  }

  Random random_;
  Body ship_{};
  int angle_ = 0;
  int shield_ = 0;
  Rock rocks_[most_rocks]{};
  Shot shots_[most_shots]{};
  Spark sparks_[most_sparks]{};
  unsigned next_spark_ = 0;
  int ships_ = 0;
  int wave_ = 0;
  int score_ = 0;
};

constexpr Guide guide{"COMETS",
                      "Break the rocks, mind the pieces",
                      {"Left and Right turn, Up thrusts", "Space shoots", nullptr}};
constinit Comets comets;
constinit Arcade<Comets> game(comets, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
