#pragma once

#include <optional>
#include <string_view>

#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtin.hpp"
#include "lib/archive/tar.hpp"
#include "lib/shell/pattern.hpp"

/// What the parts of the builtin `tar` share.
namespace nacre::shell::builtin {

/// What a call of it says.
struct TarCall {
  enum class Mode : u8 { None, Make, List, Unpack };

  Invocation& call;
  Mode mode = Mode::None;
  bool is_verbose = false;
  bool is_compressed = false;
  /// Nothing, or `-`, for the standard streams.
  std::string_view archive{};
  /// Where members are, or are to be.
  std::string_view directory_name = ".";
  std::optional<fs::HeldNode> directory{};
  base::Vector<Pattern> excluded{};
  std::span<const base::String> names{};
  int status = status::success;

  bool has_file() const { return !archive.empty() && archive != "-"; }
  /// Whether one of the patterns matches a path, or its last name.
  bool excludes(std::string_view path);
  /// The line about a member that is left out. The error is that memory ran out, or that nobody
  /// hears it.
  exec::Task<fs::Result<void>> leave_out(std::string_view name, std::string_view why);
  exec::Task<fs::Result<void>> leave_out(std::string_view name, fs::ErrorKind why);
  /// The line about a member that `-v` asks for.
  exec::Task<fs::Result<void>> name_member(std::string_view name);
};

/// The bytes of an archive that is read, not compressed any more.
class TarBytes {
 public:
  /// Nothing where there are none: then it was told why.
  static exec::Task<fs::Result<std::optional<TarBytes>>> read(TarCall& tar);
  std::span<const u8> bytes() const { return bytes_; }

 private:
  std::optional<process::FileBytes> file_;
  base::Vector<u8> own_;
  std::span<const u8> bytes_;
};

/// The members that are meant, one after another, and what is wrong with the archive.
class TarMembers {
 public:
  TarMembers(TarCall& tar, std::span<const u8> bytes) : tar_(tar), reader_(bytes, listener_) {}
  TarMembers(const TarMembers&) = delete;
  TarMembers& operator=(const TarMembers&) = delete;

  struct Named {
    archive::Member member;
    base::String name;  // "." for the root
  };
  /// The next one; nothing at the end, when names that no member had have been told.
  exec::Task<fs::Result<std::optional<Named>>> next();

 private:
  struct Listener {
    TarMembers& members;
    void operator()(const archive::Problem& problem) const;
  };

  exec::Task<fs::Result<void>> tell_problems();
  bool is_meant(std::string_view name);

  TarCall& tar_;
  Listener listener_{*this};
  archive::TarReader reader_;
  base::String problems_;
  base::StringSink problem_sink_{problems_};
  base::Vector<bool> found_;  // for each of the names
};

/// The three things that it does.
exec::Task<fs::Result<void>> make_tar(TarCall& tar);
exec::Task<fs::Result<void>> list_tar(TarCall& tar);
exec::Task<fs::Result<void>> unpack_tar(TarCall& tar);

}  // namespace nacre::shell::builtin
