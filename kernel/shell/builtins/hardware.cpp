#include <algorithm>
#include <utility>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"

/// What tells about the processor and the firmware.
namespace nacre::shell::builtin {
namespace {

/// Columns that lists of names may take.
constexpr usize line_width = 79;

/// Writes words, several in a line, below a title.
class WordList {
 public:
  WordList(base::Sink& sink, std::string_view title) : sink_(sink) {
    sink_.write(title);
    column_ = indent_ = title.size();
  }
  void add(std::string_view before, std::string_view word, std::string_view after) {
    usize const size = before.size() + word.size() + after.size() + 1;
    if (column_ + size > line_width) {
      sink_.write("\n");
      for (column_ = 0; column_ < indent_; ++column_) sink_.write(" ");
    }
    base::format_to(sink_, " {}{}{}", before, word, after);
    column_ += size;
  }
  void end() { sink_.write("\n"); }

 private:
  base::Sink& sink_;
  usize indent_;
  usize column_;
};

void report_processor(base::Sink& sink, const System& system) {
  system.with_processor([&](const ProcessorInformation& processor) {
    base::format_to(sink, "vendor:   {}\n", text::Printable{processor.vendor});
    if (!processor.brand.empty())
      base::format_to(sink, "brand:    {}\n", text::Printable{processor.brand});
    base::format_to(sink, "family:   {}  model {}  stepping {}\n", processor.family,
                    processor.model, processor.stepping);
  });
  WordList features(sink, "features:");
  system.for_each_processor_feature([&](const ProcessorFeature& feature) {
    if (feature.is_there)
      features.add("", feature.name, feature.is_of_use ? "*" : "");
    else if (feature.is_of_use)
      features.add("(", feature.name, ")");
  });
  features.end();
}

void report_leaves(base::Sink& sink, const System& system) {
  sink.write("    LEAF  SUBLEAF       EAX       EBX       ECX       EDX\n");
  system.for_each_cpuid_leaf([&](const CpuidInformation& leaf) {
    base::format_to(sink, "{:08x} {:>8x}  {:08x}  {:08x}  {:08x}  {:08x}\n", leaf.leaf,
                    leaf.subleaf, leaf.eax, leaf.ebx, leaf.ecx, leaf.edx);
  });
}

/// How many tables there are.
usize report_tables(base::Sink& sink, const System& system) {
  usize count = 0;
  system.for_each_acpi_table([&](const AcpiTableInformation& table) {
    if (count++ == 0)
      sink.write("NAME     ADDRESS  LENGTH  REVISION  OEM     TABLE     CHECKSUM\n");
    base::format_to(sink, "{}  {:>10x}{:>8}{:>10}  ", text::Printable{table.signature},
                    table.address, table.bytes.size(), table.revision);
    base::format_to(sink, "{}  {}  {}\n", text::Printable{table.oem},
                    text::Printable{table.oem_table},
                    std::string_view(table.has_right_checksum ? "good" : "bad"));
  });
  return count;
}

void dump(base::Sink& sink, std::span<const u8> bytes) {
  for (usize at = 0; at < bytes.size(); at += 16) {
    base::format_to(sink, "{:08x} ", at);
    auto const row = bytes.subspan(at, std::min<usize>(16, bytes.size() - at));
    for (usize i = 0; i < 16; ++i) {
      if (i % 8 == 0) sink.write(" ");
      if (i < row.size())
        base::format_to(sink, "{:02x} ", row[i]);
      else
        sink.write("   ");
    }
    sink.write(" |");
    for (u8 const byte : row)
      base::format_to(sink, "{}", byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.');
    sink.write("|\n");
  }
}

exec::Task<fs::Result<int>> lack_acpi(const Invocation& call) {
  CO_TRY(co_await complain(call, "this machine has no ACPI"));
  co_return status::failure;
}

}  // namespace

exec::Task<fs::Result<int>> cpuid(Invocation& call) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
  base::String text;
  base::StringSink sink(text);
  if (options->has('r'))
    report_leaves(sink, call.services.system);
  else
    report_processor(sink, call.services.system);
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> acpi(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  const System& system = call.services.system;
  base::String text;
  base::StringSink sink(text);
  if (options->operands().empty()) {
    if (report_tables(sink, system) == 0) co_return co_await lack_acpi(call);
    sink.write("\n");
    system.describe_acpi_use(sink);
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
    co_return status::success;
  }
  int result = status::success;
  for (const base::String& name : options->operands()) {
    usize count = 0;
    usize tables = 0;
    system.for_each_acpi_table([&](const AcpiTableInformation& table) {
      ++tables;
      // There may be several SSDTs.
      if (table.signature != name.view()) return;
      if (++count > 1) sink.write("\n");
      dump(sink, table.bytes);
    });
    CO_TRY(sink.result());
    if (tables == 0) co_return co_await lack_acpi(call);
    CO_TRY(co_await write_text(*call.streams.out, std::exchange(text, {})));
    if (count != 0) continue;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: there is no such table", shown.view()));
    result = status::failure;
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
