#pragma once

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/syntax.hpp"

namespace nacre::shell {

/// The streams of one command as its redirections make them, and the files that they opened. It
/// outlives the command.
class Redirections {
 public:
  explicit Redirections(Streams streams) : streams_(streams) {}

  /// Does what the command says, in order. False if something could not be opened, which was then
  /// told where errors go at that point. Once.
  exec::Task<std::expected<bool, base::OutOfMemory>> open(fs::Vfs& files, const ShellState& state,
                                                          const Command& command);
  Streams streams() const { return streams_; }

 private:
  fs::Stream*& stream(u8 descriptor) {
    return descriptor == 0 ? streams_.in : descriptor == 1 ? streams_.out : streams_.err;
  }

  Streams streams_;
  base::Vector<base::Box<fs::OpenFile>> files_;
};

}  // namespace nacre::shell
