#include "lib/compress/deflate.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/try.hpp"
#include "lib/compress/deflate_block.hpp"
#include "lib/compress/matches.hpp"

namespace nacre::compress {

/// What was written last, and what is known about it.
struct DeflateState {
  std::array<u8, 2 * window_size> window;
  usize begin = 0;  // of the block that is gathered
  usize end = 0;
  MatchFinder finder;
  DeflateBlock block;
  BitWriter bits;
};

namespace {

/// A match of such a length is taken without a look at the next byte.
constexpr u32 good_length = 64;

/// Divides the bytes from `state.begin` on into literals and matches.
void find_matches(DeflateState& state) {
  std::span<const u8> const window = std::span(state.window).first(state.end);
  state.block.clear();
  usize at = state.begin;
  Match match = state.finder.find(window, at);
  while (at < state.end) {
    usize added = at + 1;
    if (match.length == 0) {
      state.block.add_literal(window[at++]);
    } else {
      Match next;
      if (match.length < good_length && at + 1 < state.end)
        next = state.finder.find(window, added++);
      if (next.length > match.length) {
        state.block.add_literal(window[at++]);
        match = next;
        continue;
      }
      state.block.add_match(match);
      at += match.length;
    }
    for (; added < at; ++added) state.finder.add(window, added);
    if (at < state.end) match = state.finder.find(window, at);
  }
}

}  // namespace

Deflater::Deflater(base::Box<DeflateState> state) : state_(std::move(state)) {}
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;
Deflater::~Deflater() = default;

std::expected<Deflater, base::OutOfMemory> Deflater::create() {
  TRY(auto state, base::try_make<DeflateState>());
  return Deflater(std::move(state));
}

std::expected<void, base::OutOfMemory> Deflater::write(std::span<const u8> bytes,
                                                       base::Vector<u8>& output) {
  DeflateState& state = *state_;
  while (!bytes.empty()) {
    if (state.end == state.window.size()) {
      std::memmove(state.window.data(), state.window.data() + window_size, window_size);
      state.begin = state.end = window_size;
      state.finder.slide();
    }
    auto const part = bytes.first(std::min(bytes.size(), state.begin + window_size - state.end));
    std::memcpy(state.window.data() + state.end, part.data(), part.size());
    state.end += part.size();
    bytes = bytes.subspan(part.size());
    if (state.end == state.begin + window_size) {
      TRY(end_block(false, output));
    }
  }
  return {};
}

std::expected<void, base::OutOfMemory> Deflater::end_block(bool is_last, base::Vector<u8>& output) {
  DeflateState& state = *state_;
  find_matches(state);
  std::span<const u8> const bytes =
      std::span(state.window).subspan(state.begin, state.end - state.begin);
  TRY(state.block.write(bytes, is_last, state.bits, output));
  state.begin = state.end;
  return {};
}

std::expected<void, base::OutOfMemory> Deflater::finish(base::Vector<u8>& output) {
  TRY(end_block(true, output));
  state_->bits.align(output);
  return {};
}

}  // namespace nacre::compress
