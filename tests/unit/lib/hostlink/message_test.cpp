#include "lib/hostlink/message.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "lib/hostlink/decoder.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::hostlink {
namespace {

using Bytes = std::vector<u8>;

template <class Message>
Bytes encoded(const Message& message) {
  std::array<u8, max_frame> room{};
  auto const frame = encode(message, room);
  EXPECT_TRUE(frame);
  return frame ? Bytes(frame->begin(), frame->end()) : Bytes();
}

/// A message as text, so that it outlives what it borrows.
std::string told(const GuestMessage& message) {
  auto const text = [](std::span<const u8> bytes) {
    return std::string(bytes.begin(), bytes.end());
  };
  if (auto const* out = std::get_if<Stdout>(&message)) return "out " + text(out->bytes);
  if (auto const* err = std::get_if<Stderr>(&message)) return "err " + text(err->bytes);
  if (auto const* exit = std::get_if<Exit>(&message)) return "exit " + std::to_string(exit->code);
  if (auto const* changed = std::get_if<Changed>(&message))
    return "changed " + text(changed->bytes);
  if (auto const* sync = std::get_if<Sync>(&message))
    return "sync " + std::to_string(sync->number) + (sync->durable ? " durable" : "");
  if (auto const* credit = std::get_if<Credit>(&message))
    return "credit " + std::to_string(credit->bytes);
  return "hello " + std::to_string(std::get<Hello>(message).version);
}
std::string told(const HostMessage& message) {
  if (auto const* in = std::get_if<Stdin>(&message))
    return "in " + std::string(in->bytes.begin(), in->bytes.end());
  if (auto const* synced = std::get_if<Synced>(&message))
    return "synced " + std::to_string(synced->number) + " " +
           std::to_string(static_cast<int>(synced->outcome));
  if (auto const* size = std::get_if<WindowSize>(&message))
    return "size " + std::to_string(size->columns) + "x" + std::to_string(size->rows);
  return std::holds_alternative<StdinEnd>(message) ? "end" : "interrupt";
}

/// All that `bytes` say when they come `piece` bytes at a time.
template <class Decoder>
std::vector<std::string> decoded(std::span<const u8> bytes, usize piece) {
  std::vector<std::string> said;
  Decoder decoder;
  for (usize at = 0; at < bytes.size(); at += piece) {
    // A copy of its own, so that reading what is not there is seen.
    Bytes const part(
        bytes.begin() + static_cast<std::ptrdiff_t>(at),
        bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, bytes.size())));
    std::span<const u8> input(part);
    while (!input.empty()) {
      auto const message = decoder.next(input);
      if (!message)
        said.emplace_back(std::string_view(*base::format("{}", message.error())));
      else if (*message)
        said.push_back(told(**message));
    }
  }
  return said;
}

void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }
Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

TEST(HostLink, FramesAreAsTheProtocolSays) {
  EXPECT_EQ(encoded(GuestMessage(Hello{})), (Bytes{5, 1, 0, 2}));
  EXPECT_EQ(encoded(GuestMessage(Exit{-2})), (Bytes{3, 4, 0, 0xfe, 0xff, 0xff, 0xff}));
  EXPECT_EQ(encoded(GuestMessage(Credit{0x0403'0201})), (Bytes{4, 4, 0, 1, 2, 3, 4}));
  EXPECT_EQ(encoded(GuestMessage(Stdout{bytes_of("a")})), (Bytes{1, 1, 0, 'a'}));
  EXPECT_EQ(encoded(GuestMessage(Stderr{{}})), (Bytes{2, 0, 0}));
  EXPECT_EQ(encoded(HostMessage(Stdin{bytes_of("x")})), (Bytes{0x81, 1, 0, 'x'}));
  EXPECT_EQ(encoded(HostMessage(StdinEnd{})), (Bytes{0x82, 0, 0}));
  EXPECT_EQ(encoded(HostMessage(Interrupt{})), (Bytes{0x83, 0, 0}));
  EXPECT_EQ(encoded(GuestMessage(Changed{bytes_of("c")})), (Bytes{6, 1, 0, 'c'}));
  EXPECT_EQ(encoded(GuestMessage(Sync{0x0403'0201, true})), (Bytes{7, 5, 0, 1, 2, 3, 4, 1}));
  EXPECT_EQ(encoded(HostMessage(Synced{0x0403'0201, Synced::Outcome::Denied})),
            (Bytes{0x85, 5, 0, 1, 2, 3, 4, 2}));
  EXPECT_EQ(encoded(HostMessage(WindowSize{80, 0xffff})), (Bytes{0x84, 4, 0, 80, 0, 0xff, 0xff}));
}

TEST(HostLink, WhatDoesNotFitIsNotWritten) {
  std::array<u8, max_frame> room{};
  Bytes const longest(max_payload, 'x');
  Bytes const too_long(max_payload + 1, 'x');
  EXPECT_TRUE(encode(GuestMessage(Stdout{longest}), room));
  EXPECT_EQ(encode(GuestMessage(Stdout{too_long}), room).error(), EncodeError::PayloadTooLong);
  EXPECT_EQ(encode(GuestMessage(Exit{0}), std::span(room).first(6)).error(), EncodeError::NoRoom);
  EXPECT_EQ(room[0], Stdout::type) << "nothing was written over what was there";
}

TEST(HostLink, MessagesComeOutHoweverTheyAreCut) {
  Bytes const longest(max_payload, 'y');
  Bytes guest;
  append(guest, encoded(GuestMessage(Hello{})));
  append(guest, encoded(GuestMessage(Credit{4096})));
  append(guest, encoded(GuestMessage(Stdout{bytes_of("hello")})));
  append(guest, encoded(GuestMessage(Stdout{longest})));
  append(guest, encoded(GuestMessage(Changed{bytes_of("change")})));
  append(guest, encoded(GuestMessage(Sync{7, true})));
  append(guest, encoded(GuestMessage(Stderr{{}})));
  append(guest, encoded(GuestMessage(Exit{-7})));
  Bytes host;
  append(host, encoded(HostMessage(WindowSize{132, 43})));
  append(host, encoded(HostMessage(Stdin{bytes_of("input")})));
  append(host, encoded(HostMessage(Synced{9, Synced::Outcome::NoSpace})));
  append(host, encoded(HostMessage(Interrupt{})));
  append(host, encoded(HostMessage(StdinEnd{})));
  for (usize const piece : {1u, 2u, 3u, 4u, 7u, 100u, 4098u, 100'000u}) {
    EXPECT_EQ(decoded<GuestMessageDecoder>(guest, piece),
              (std::vector<std::string>{"hello 2", "credit 4096", "out hello",
                                        "out " + std::string(max_payload, 'y'), "changed change",
                                        "sync 7 durable", "err ", "exit -7"}))
        << piece;
    EXPECT_EQ(
        decoded<HostMessageDecoder>(host, piece),
        (std::vector<std::string>{"size 132x43", "in input", "synced 9 1", "interrupt", "end"}))
        << piece;
  }
}

TEST(HostLink, BadFramesAreNamedAndSkipped) {
  Bytes bytes{0x99, 2, 0, 'n', 'o'};
  append(bytes, {1, 0x01, 0x40});  // 16385 bytes
  append(bytes, Bytes(16385, 0x83));
  append(bytes, {0x84, 1, 0, 80});
  append(bytes, {0x01, 0, 0});                 // the other direction's
  append(bytes, {0x85, 5, 0, 1, 0, 0, 0, 4});  // no such outcome
  append(bytes, {0x83, 0, 0});
  for (usize const piece : {1u, 5u, 1000u, 100'000u}) {
    EXPECT_EQ(decoded<HostMessageDecoder>(bytes, piece),
              (std::vector<std::string>{"a frame of type 0x99 which this side does not know",
                                        "a frame of type 0x01 with 16385 bytes, more than 16384",
                                        "a frame of type 0x84 cannot have 1 bytes",
                                        "a frame of type 0x01 which this side does not know",
                                        "a frame of type 0x85 with a value that it cannot have",
                                        "interrupt"}))
        << piece;
  }
}

TEST(HostLink, NeverAllocates) {
  Bytes const frame = encoded(HostMessage(Stdin{bytes_of("input")}));
  EXPECT_EQ(test::fail_each_allocation([&] {
              HostMessageDecoder decoder;
              std::span<const u8> input = std::span(frame).first(4);
              EXPECT_FALSE(*decoder.next(input));
              input = std::span(frame).subspan(4);
              EXPECT_TRUE(*decoder.next(input));
              std::array<u8, max_frame> room{};
              EXPECT_TRUE(encode(GuestMessage(Exit{1}), room));
            }),
            0u);
}

}  // namespace
}  // namespace nacre::hostlink
