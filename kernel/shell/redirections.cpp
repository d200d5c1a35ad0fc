#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/streams.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

using Form = Redirection::Kind;

fs::OpenOptions options_for(Form kind, bool must_be_new, u32 mode) {
  fs::OpenOptions options;
  options.mode = mode;
  if (kind == Form::Input) return options;
  options.access = {.read = kind == Form::ReadWrite, .write = true};
  options.flags.append = kind == Form::Append;
  options.create = true;
  options.truncate = kind == Form::Output || kind == Form::Overwrite;
  options.exclusive = must_be_new;
  return options;
}

}  // namespace

/// Does what the command says, in order. False if something could not be opened, which was then
/// told where errors go at that point.
exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::redirect(const Command& command) {
  for (const Redirection& redirection : command.redirections) {
    CO_TRY(bool const is_open, co_await redirect(redirection));
    if (!is_open) co_return false;
  }
  co_return true;
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::redirect(
    const Redirection& redirection) {
  Descriptors& descriptors = state_.descriptors;
  const Word& word =
      redirection.kind == Form::Document ? redirection.document->body : redirection.target;
  auto text = co_await expander_.text_of(word);
  if (!text) co_return co_await complain_about(text.error());
  if (redirection.kind == Form::Document) {
    CO_TRY(auto stream, own(TextStream(std::move(*text))));
    descriptors.set(redirection.descriptor, std::move(stream));
    co_return true;
  }
  if (redirection.kind != Form::Duplicate) co_return co_await open_file(redirection, *text);
  if (*text == "-") {
    descriptors.close(redirection.descriptor);
    co_return true;
  }
  auto const number = parse_number(*text);
  bool const is_open =
      number && *number < Descriptors::count && descriptors.stream(static_cast<usize>(*number));
  if (!is_open) {
    CO_TRY(base::String const shown, printable(*text));
    static_cast<void>(
        co_await print(error_stream(), "nacre: {}: no open descriptor\n", shown.view()));
    co_return false;
  }
  descriptors.set(redirection.descriptor, descriptors.shared(static_cast<usize>(*number)));
  co_return true;
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::open_file(
    const Redirection& redirection, std::string_view path) {
  fs::Vfs& files = execution_.services.files;
  bool must_be_new = redirection.kind == Form::Output && state_.parameters.options.no_clobber;
  if (must_be_new) {
    // What is no file may be written to all the same.
    auto const stat = co_await files.stat(directory(), path);
    must_be_new = !stat || stat->type == fs::NodeType::File;
  }
  auto file = co_await files.open(directory(), path,
                                  options_for(redirection.kind, must_be_new, state_.file_mode()));
  if (!file) {
    if (file.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(base::OutOfMemory{});
    CO_TRY(base::String const shown, printable(file.error().part_of(path)));
    static_cast<void>(co_await print(error_stream(), "nacre: {}: {}\n", shown.view(),
                                     fs::describe(file.error().kind)));
    co_return false;
  }
  CO_TRY(auto stream, own(std::move(*file)));
  state_.descriptors.set(redirection.descriptor, std::move(stream));
  co_return true;
}

}  // namespace nacre::shell
