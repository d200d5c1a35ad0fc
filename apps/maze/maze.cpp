// Maze: find gems and the way out before the lamp goes dark. Walls are drawn by casting a ray for
// each column of the screen.

#include "apps/maze/maze.hpp"

#include "apps/common/arcade.hpp"
#include "apps/common/trigonometry.hpp"
#include "apps/maze/textures.hpp"

namespace {

using namespace arcade;

constexpr int view_height = 204;
constexpr int horizon = view_height / 2;
/// Half of the view's width, a step ahead; and how far ahead the screen is, in its own pixels.
constexpr float half_view = 0.66f;
constexpr float focus = Canvas::width / 2 / half_view;

constexpr int turn_speed = 8;
constexpr float walk_speed = 0.045f;
constexpr float elbow_room = 0.24f;
constexpr float reach = 1.1f;
constexpr int door_frames = 40;
constexpr int lamp_seconds = 150;
constexpr int points_per_gem = 100;
constexpr int points_per_second = 10;

constexpr Note takes_gem[] = {{988, 3}, {1319, 6}};
constexpr Note opens_door[] = {{110, 6}, {130, 6}, {147, 10}};
constexpr Note wins[] = {{523, 6}, {659, 6}, {784, 6}, {1047, 16}};
constexpr Note goes_dark[] = {{220, 12}, {208, 12}, {196, 24}};

/// A gem, in the brightnesses of the portal's colours.
constexpr int gem_side = 11;
constexpr char gem_picture[gem_side][gem_side + 1] = {
    "    fff    ", "   fdddc   ", "  fdfddcc  ", " fdffdddcc ", "fddfddddccb", "ddddddddccb",
    " ddddddccb ", "  dddddcb  ", "   dddcb   ", "    dcb    ", "     b     "};

constinit Canvas background;
constinit maze::Texture stone_texture;
constinit maze::Texture brick_texture;
constinit maze::Texture door_texture;
constinit maze::Texture portal_texture;
constinit maze::ShadeTables shades;

struct Vector {
  float x, y;
};

class Maze {
 public:
  void start() {
    random_.seed();
    paint();
    for (int y = 0; y < maze::side; ++y) {
      for (int x = 0; x < maze::side; ++x) {
        places_[y][x] = maze::plan[y][x];
        opened_[y][x] = 0;
        seen_[y][x] = false;
      }
    }
    auto const [x, y] = maze::find(maze::start);
    at_ = {static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
    angle_ = full_turn / 8;
    gems_ = 0;
    frames_ = 0;
    has_left_ = false;
    score_ = 0;
  }

  void step() {
    ++frames_;
    angle_ += turn_speed * (is_down(NACRE_KEY_RIGHT) - is_down(NACRE_KEY_LEFT));
    int const ahead = (is_down(NACRE_KEY_UP) || is_down(letter('w'))) -
                      (is_down(NACRE_KEY_DOWN) || is_down(letter('s')));
    int const aside = is_down(letter('d')) - is_down(letter('a'));
    walk(static_cast<float>(ahead), static_cast<float>(aside));
    if (is_pressed(NACRE_KEY_SPACE)) open_door();
    move_doors();
    take_gem();
    if (seconds_left() == 0) sound.play(goes_dark);
  }

  void draw(Canvas& canvas) {
    canvas.copy(background);
    for (int column = 0; column < Canvas::width; ++column) draw_column(canvas, column);
    for (int y = 0; y < maze::side; ++y)
      for (int x = 0; x < maze::side; ++x)
        if (places_[y][x] == maze::gem) draw_gem(canvas, x, y);
    draw_map(canvas);
    draw_counts(canvas);
  }

  bool is_over() const { return has_left_ || seconds_left() == 0; }
  int score() const { return score_; }
  const char* verdict() const {
    if (!has_left_) return "The lamp went dark";
    return gems_ == maze::gem_count ? "Out, and with every gem!" : "You found the way out";
  }

 private:
  int seconds_left() const { return lamp_seconds - frames_ / 60; }
  Vector direction() const { return {cosine(angle_), sine(angle_)}; }

  void paint() {
    shades.make();
    maze::TexturePainter painter(random_);
    painter.masonry(stone_texture, maze::StoneRamp, 32, 16, 1);
    painter.masonry(brick_texture, maze::BrickRamp, 16, 8, 1);
    painter.door(door_texture);
    painter.portal(portal_texture);
    for (int y = 0; y < horizon; ++y) {
      int const near = 256 * (horizon - y) / horizon;
      background.fill(0, y, Canvas::width, 1, mix(0x080a12, 0x2c3448, near));
      background.fill(0, view_height - 1 - y, Canvas::width, 1, mix(0x080808, 0x5a4a3a, near));
    }
    background.fill(0, view_height, Canvas::width, Canvas::height - view_height, palette::panel);
    background.fill(0, view_height, Canvas::width, 2, palette::line);
  }

  // Moving.

  bool is_free(int x, int y) const {
    char const place = places_[y][x];
    if (place == maze::door) return opened_[y][x] == door_frames;
    return !maze::is_wall(place) && place != maze::exit;
  }
  bool has_room(float x, float y) const {
    auto const left = static_cast<int>(x - elbow_room);
    auto const right = static_cast<int>(x + elbow_room);
    auto const top = static_cast<int>(y - elbow_room);
    auto const bottom = static_cast<int>(y + elbow_room);
    return is_free(left, top) && is_free(right, top) && is_free(left, bottom) &&
           is_free(right, bottom);
  }
  /// Along walls, where it cannot go straight on.
  void walk(float ahead, float aside) {
    auto const [dx, dy] = direction();
    float const x = at_.x + walk_speed * (ahead * dx - aside * dy);
    float const y = at_.y + walk_speed * (ahead * dy + aside * dx);
    if (has_room(x, at_.y)) at_.x = x;
    if (has_room(at_.x, y)) at_.y = y;
    if (ahead > 0 && place_ahead() == maze::exit) leave();
  }
  char& place_ahead() {
    auto const [dx, dy] = direction();
    return places_[static_cast<int>(at_.y + dy / 2)][static_cast<int>(at_.x + dx / 2)];
  }
  void leave() {
    has_left_ = true;
    score_ += points_per_second * seconds_left();
    sound.play(wins);
  }
  void open_door() {
    auto const [dx, dy] = direction();
    auto const x = static_cast<int>(at_.x + dx * reach);
    auto const y = static_cast<int>(at_.y + dy * reach);
    if (places_[y][x] != maze::door || opened_[y][x] > 0) return;
    opened_[y][x] = 1;
    sound.play(opens_door);
  }
  void move_doors() {
    for (auto& row : opened_)
      for (unsigned char& opened : row)
        if (opened > 0 && opened < door_frames) ++opened;
  }
  void take_gem() {
    char& place = places_[static_cast<int>(at_.y)][static_cast<int>(at_.x)];
    if (place != maze::gem) return;
    place = maze::floor;
    ++gems_;
    score_ += points_per_gem;
    sound.play(takes_gem);
  }

  // Drawing.

  /// Where a ray meets a wall: what, how far ahead, where on the wall, and on which of its sides.
  struct Hit {
    char what;
    float distance;
    float along;
    bool faces_sideways;
  };
  /// From one boundary of a cell to the next, until there is a wall.
  Hit cast(Vector ray) {
    auto x = static_cast<int>(at_.x);
    auto y = static_cast<int>(at_.y);
    float const step_x = ray.x == 0 ? 1e9f : absolute(1 / ray.x);
    float const step_y = ray.y == 0 ? 1e9f : absolute(1 / ray.y);
    float next_x =
        step_x * (ray.x < 0 ? at_.x - static_cast<float>(x) : static_cast<float>(x + 1) - at_.x);
    float next_y =
        step_y * (ray.y < 0 ? at_.y - static_cast<float>(y) : static_cast<float>(y + 1) - at_.y);
    for (;;) {
      bool const sideways = next_x < next_y;
      float const distance = sideways ? next_x : next_y;
      if (sideways) {
        next_x += step_x;
        x += ray.x < 0 ? -1 : 1;
      } else {
        next_y += step_y;
        y += ray.y < 0 ? -1 : 1;
      }
      char const what = places_[y][x];
      seen_[y][x] = true;
      if (what == maze::floor || what == maze::gem || what == maze::start) continue;
      float const place = sideways ? at_.y + distance * ray.y : at_.x + distance * ray.x;
      float along = place - static_cast<float>(static_cast<int>(place));
      if (what == maze::door) {
        // It slides aside, and what is open lets the ray through.
        along -= static_cast<float>(opened_[y][x]) / door_frames;
        if (along < 0) continue;
      }
      return {what, distance, along, sideways};
    }
  }
  const maze::Texture& texture_of(char what) const {
    switch (what) {
      case maze::brick: return brick_texture;
      case maze::door: return door_texture;
      case maze::exit: return portal_texture;
      default: return stone_texture;
    }
  }
  static const Colour* shades_at(float distance, bool darker) {
    int const dark = static_cast<int>(distance * 1.8f) + (darker ? 3 : 0);
    return shades.colours[dark < maze::darknesses ? dark : maze::darknesses - 1];
  }

  void draw_column(Canvas& canvas, int column) {
    auto const [dx, dy] = direction();
    float const aside = half_view * ((static_cast<float>(column) + 0.5f) * 2 / Canvas::width - 1);
    Hit const hit = cast({dx - aside * dy, dy + aside * dx});
    depths_[column] = hit.distance;
    float const height = focus / (hit.distance > 0.05f ? hit.distance : 0.05f);
    auto const top = static_cast<int>(horizon - height / 2);
    auto const bottom = static_cast<int>(horizon + height / 2);
    int const first = top > 0 ? top : 0;
    int const end = bottom < view_height ? bottom : view_height;
    const unsigned char* const texels =
        texture_of(hit.what)[static_cast<int>(hit.along * maze::texture_side)];
    const Colour* const colours = shades_at(hit.distance, hit.faces_sideways);
    // In parts of the texture, of which a number of 32 bits holds one.
    float const whole = 4294967296.0f;
    auto const step = static_cast<unsigned>(whole / height);
    auto texel = static_cast<unsigned>((static_cast<float>(first) + 0.5f - horizon + height / 2) *
                                       static_cast<float>(step));
    Colour* at = canvas.row(first) + column;
    const Colour* const last = canvas.row(end) + column;
    for (; at != last; at += Canvas::width, texel += step) *at = colours[texels[texel >> 26]];
  }

  void draw_gem(Canvas& canvas, int x, int y) const {
    auto const [dx, dy] = direction();
    Vector const to{static_cast<float>(x) + 0.5f - at_.x, static_cast<float>(y) + 0.5f - at_.y};
    float const ahead = to.x * dx + to.y * dy;
    float const aside = to.y * dx - to.x * dy;
    if (ahead < 0.2f) return;
    float const size = 0.35f * focus / ahead;
    float const bob = 0.05f * sine(frames_ * 12 + x * 300) * focus / ahead;
    auto const side = static_cast<int>(size) + 1;
    auto const left = static_cast<int>(Canvas::width / 2 + aside * focus / ahead - size / 2);
    auto const top = static_cast<int>(horizon + 0.12f * focus / ahead + bob - size / 2);
    const Colour* const colours =
        shades_at(ahead / 2, false) + maze::PortalRamp * maze::brightnesses;
    for (int column = 0; column < side; ++column) {
      int const screen_x = left + column;
      if (screen_x < 0 || screen_x >= Canvas::width || depths_[screen_x] < ahead) continue;
      for (int row = 0; row < side; ++row) {
        char const texel = gem_picture[row * gem_side / side][column * gem_side / side];
        int const screen_y = top + row;
        if (texel != ' ' && screen_y >= 0 && screen_y < view_height)
          canvas.row(screen_y)[screen_x] = colours[texel - 'a' + 10];
      }
    }
  }

  /// What has been seen so far, from above.
  void draw_map(Canvas& canvas) const {
    constexpr int dot = 3;
    constexpr int left = Canvas::width - maze::side * dot - 6;
    constexpr int top = 6;
    for (int y = 0; y < maze::side; ++y) {
      for (int x = 0; x < maze::side; ++x) {
        if (!seen_[y][x]) continue;
        char const what = places_[y][x];
        Colour const colour = what == maze::stone   ? 0x808898
                              : what == maze::brick ? 0xa06040
                              : what == maze::door  ? palette::gold
                              : what == maze::exit  ? palette::cyan
                              : what == maze::gem   ? palette::green
                                                    : 0x20242e;
        canvas.fill(left + x * dot, top + y * dot, dot, dot, colour);
      }
    }
    auto const x = left + static_cast<int>(at_.x * dot);
    auto const y = top + static_cast<int>(at_.y * dot);
    auto const [dx, dy] = direction();
    canvas.pixel(x + static_cast<int>(dx * 3), y + static_cast<int>(dy * 3), palette::red);
    canvas.fill(x - 1, y - 1, 2, 2, palette::red);
  }
  void draw_counts(Canvas& canvas) const {
    int const y = view_height + (Canvas::height - view_height - canvas.line_height()) / 2 + 1;
    canvas.text(8, y, Align::Left, Text("Score ") << score_, palette::text);
    canvas.text(Canvas::width / 2, y, Align::Centre,
                Text("Gems ") << gems_ << " of " << maze::gem_count, palette::cyan);
    int const left = seconds_left();
    Text lamp("Lamp ");
    lamp << clock_text(left).data();
    canvas.text(Canvas::width - 8, y, Align::Right, lamp, left > 20 ? palette::gold : palette::red);
  }

  Random random_;
  char places_[maze::side][maze::side]{};
  unsigned char opened_[maze::side][maze::side]{};
  bool seen_[maze::side][maze::side]{};
  float depths_[Canvas::width]{};
  Vector at_{};
  int angle_ = 0;
  int gems_ = 0;
  int frames_ = 0;
  int score_ = 0;
  bool has_left_ = false;
};

constexpr Guide guide{
    "MAZE",
    "Gems, and out before the lamp goes dark",
    {"Up and Down walk, Left and Right turn", "W A S D walk, too", "Space opens doors", nullptr}};
constinit Maze the_maze;
constinit Arcade<Maze> game(the_maze, guide);

}  // namespace

extern "C" NACRE_EXPORT(_start) void start() { game.run(); }
