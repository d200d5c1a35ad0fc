#include "kernel/shell/signals.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "kernel/shell/builtin.hpp"

namespace nacre::shell {
namespace {

using Effect = Signal::Effect;

constexpr std::array table = std::to_array<Signal>({
    {"HUP", 1},
    {"INT", interrupt_number},
    {"QUIT", 3},
    {"ABRT", 6},
    {"KILL", kill_number},
    {"USR1", 10},
    {"USR2", 12},
    {"PIPE", 13},
    {"ALRM", 14},
    {"TERM", 15},
    {"CHLD", 17, Effect::Nothing},
    {"CONT", 18, Effect::Continue},
    {"STOP", stop_number, Effect::Stop},
    {"TSTP", 20, Effect::Stop},
    {"TTIN", 21, Effect::Stop},
    {"TTOU", 22, Effect::Stop},
    {"WINCH", 28, Effect::Nothing},
});

}  // namespace

std::span<const Signal> signals() { return table; }

const Signal* find_signal(int number) {
  auto const* const found = std::ranges::find(table, number, &Signal::number);
  return found == table.end() ? nullptr : found;
}

const Signal* find_signal(std::string_view text) {
  if (auto const number = parse_number(text))
    return *number < 64 ? find_signal(static_cast<int>(*number)) : nullptr;
  if (text.starts_with("SIG")) text.remove_prefix(3);
  auto const* const found = std::ranges::find(table, text, &Signal::name);
  return found == table.end() ? nullptr : found;
}

std::optional<int> SignalInbox::first() const {
  if (pending_ == 0) return std::nullopt;
  return std::countr_zero(pending_);
}

}  // namespace nacre::shell
