#pragma once

#include "lib/wasm/binary/cursor.hpp"
#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

/// Decodes a module section by section, borrowing from `bytes`. Function bodies and constant
/// expressions are found and measured; the validator reads their instructions. What it allocates
/// grows with the bytes that it has seen, never with a number that they claim.
///
///     Decoder decoder(bytes);
///     while (!decoder.done()) TRY(decoder.step());
///     Module module = decoder.take();
///
/// [wasm/core: "Binary Format"]
class Decoder {
 public:
  explicit Decoder(std::span<const u8> bytes) : cursor_(bytes, 0) { module_.bytes = bytes; }

  bool done() const { return done_; }
  /// Does a bounded part of the work: one section, or some hundred function bodies.
  Loaded<void> step();
  Module take() { return std::move(module_); }

 private:
  Loaded<void> header();
  Loaded<void> section();
  Loaded<void> section_content(u8 id, Cursor& section);
  Loaded<void> custom_section(Cursor& section);
  Loaded<void> type_section(Cursor& section);
  Loaded<void> import_section(Cursor& section);
  Loaded<void> function_section(Cursor& section);
  Loaded<void> table_section(Cursor& section);
  Loaded<void> memory_section(Cursor& section);
  Loaded<void> global_section(Cursor& section);
  Loaded<void> tag_section(Cursor& section);
  Loaded<void> export_section(Cursor& section);
  Loaded<void> start_section(Cursor& section);
  Loaded<void> element_section(Cursor& section);
  Loaded<void> data_count_section(Cursor& section);
  Loaded<void> some_bodies();
  Loaded<void> data_section(Cursor& section);
  Loaded<void> finish();
  Loaded<u32> read_type_index(Cursor& section) const;
  Loaded<u32> read_tag_type(Cursor& section) const;

  Module module_;
  Cursor cursor_;
  Cursor code_{{}, 0};
  u32 bodies_left_ = 0;
  u32 defined_functions_ = 0;
  u8 last_order_ = 0;
  bool header_seen_ = false;
  bool done_ = false;
};

/// The whole of a module at once.
Loaded<Module> decode(std::span<const u8> bytes);

}  // namespace nacre::wasm
