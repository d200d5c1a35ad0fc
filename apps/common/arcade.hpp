#pragma once

#include "apps/common/canvas.hpp"
#include "apps/common/keys.hpp"
#include "apps/common/sound.hpp"

namespace arcade {

/// What a player is told before the game.
struct Guide {
  const char* title;
  const char* goal;
  /// A line for each key of the game's own; null ends the list.
  const char* keys[6];
};

/// What is on the screen. By itself: what is all zeros takes no room in a program's file.
inline constinit Canvas canvas;

/// Everything around a game: its title, pause and end, the best score so far, and the way out.
///
/// A `Game` has `start()` for a new one, `step()` for a frame of play, `draw(Canvas&)`, which may
/// be called at any time, `is_over()`, `score()`, and `verdict()`: how it ended, in a line.
template <class Game>
class Arcade {
 public:
  constexpr Arcade(Game& game, const Guide& guide) : game_(game), guide_(guide) {}

  /// Runs until the player leaves.
  void run() {
    game_.start();
    while (!is_pressed(NACRE_KEY_ESCAPE)) {
      if (is_pressed(letter('m'))) sound.toggle();
      step();
      draw();
      sound.step();
      canvas.show();
      next_frame();
    }
  }

 private:
  enum class Scene : unsigned char { Title, Playing, Paused, Over };
  /// So long after the end keys do nothing: they were meant for the game.
  static constexpr int breath_frames = 40;

  static bool goes_on() { return is_pressed(NACRE_KEY_ENTER) || is_pressed(NACRE_KEY_SPACE); }

  void step() {
    bool const pause = is_pressed(letter('p'));
    bool const restart = is_pressed(letter('r'));
    switch (scene_) {
      case Scene::Title:
        if (goes_on()) begin();
        return;
      case Scene::Playing:
        if (restart) return begin();
        if (pause) {
          scene_ = Scene::Paused;
          return;
        }
        game_.step();
        if (!game_.is_over()) return;
        scene_ = Scene::Over;
        is_record_ = game_.score() > best_;
        if (is_record_) best_ = game_.score();
        frames_over_ = 0;
        return;
      case Scene::Paused:
        if (restart) return begin();
        if (pause || goes_on()) scene_ = Scene::Playing;
        return;
      case Scene::Over:
        if (++frames_over_ > breath_frames && (goes_on() || restart)) begin();
        return;
    }
  }
  void begin() {
    game_.start();
    scene_ = Scene::Playing;
    sound.play(beginning);
  }

  void draw() {
    game_.draw(canvas);
    switch (scene_) {
      case Scene::Title: return draw_title();
      case Scene::Playing: return;
      case Scene::Paused: return draw_pause();
      case Scene::Over: return draw_end();
    }
  }
  /// A panel in the middle for some lines of text and a title; returns where the lines begin.
  int panel(const char* title, int lines) {
    int const line = canvas.line_height();
    int const height = 3 * line + lines * line + 12;
    int const top = (Canvas::height - height) / 2;
    canvas.cover(left, top, columns + 3, height + 3);
    canvas.fill(left + 3, top + 3, columns, height, 0x05070b);
    canvas.fill(left, top, columns, height, palette::panel);
    canvas.outline(left, top, columns, height, palette::line, 2);
    canvas.text(middle, top + line / 2, Align::Centre, title, palette::gold, 2);
    return top + 3 * line;
  }
  void line(int y, int number, const Text& text, Colour colour) {
    canvas.text(middle, y + number * canvas.line_height(), Align::Centre, text, colour);
  }
  void draw_title() {
    int keys = 0;
    while (keys < 6 && guide_.keys[keys] != nullptr) ++keys;
    int const y = panel(guide_.title, keys + 5);
    line(y, 0, guide_.goal, palette::text);
    for (int i = 0; i < keys; ++i) line(y, i + 2, guide_.keys[i], palette::cyan);
    line(y, keys + 2, "P pause   R restart   M sound", palette::faint);
    line(y, keys + 4, "Enter starts   Esc leaves", palette::gold);
  }
  void draw_pause() {
    int const y = panel("Pause", 2);
    line(y, 0, "P goes on   R restarts", palette::text);
    line(y, 1, "Esc leaves", palette::faint);
  }
  void draw_end() {
    int const y = panel("Game over", 5);
    line(y, 0, game_.verdict(), palette::text);
    line(y, 1, Text("Score ") << game_.score(), is_record_ ? palette::gold : palette::text);
    line(y, 2, is_record_ ? Text("The best so far!") : Text("Best ") << best_, palette::faint);
    if (frames_over_ > breath_frames) line(y, 4, "Enter plays again   Esc leaves", palette::gold);
  }

  static constexpr int columns = 248;
  static constexpr int left = (Canvas::width - columns) / 2;
  static constexpr int middle = Canvas::width / 2;
  static constexpr Note beginning[] = {{523, 5}, {659, 5}, {784, 8}};

  Game& game_;
  const Guide& guide_;
  Scene scene_ = Scene::Title;
  int best_ = 0;
  bool is_record_ = false;
  int frames_over_ = 0;
};

}  // namespace arcade
