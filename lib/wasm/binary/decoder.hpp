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
  /// Does a bounded part of the work.
  Loaded<void> step();
  Module take() { return std::move(module_); }

 private:
  /// Reads the next item of the section that is being read.
  using Item = Loaded<void> (Decoder::*)();
  struct Content {
    Item item = nullptr;
    usize limit = 0;
    Limited what{};
  };

  static Content content_of(u8 section);
  Loaded<void> header();
  Loaded<void> begin_section();
  Loaded<void> end_section();
  Loaded<void> whole_section(u8 section);
  Loaded<void> custom_section();
  Loaded<void> finish();

  Loaded<void> type();
  Loaded<void> import();
  Loaded<void> function();
  Loaded<void> table();
  Loaded<void> memory();
  Loaded<void> tag();
  Loaded<void> global();
  Loaded<void> export_item();
  Loaded<void> element_segment();
  Loaded<void> element();
  Loaded<void> end_segment();
  Loaded<void> body();
  Loaded<void> data_segment();

  Loaded<void> read_value_types(u32 count);
  Loaded<u32> read_type_index();
  Loaded<u32> read_tag_type();

  Module module_;
  Cursor cursor_;
  /// Of the section that is being read; null between two of them.
  Item item_ = nullptr;
  Cursor section_{{}, 0};
  u32 items_left_ = 0;
  /// The element segment that is being read, and how many elements of it are not.
  ElementSegment segment_;
  u32 elements_left_ = 0;
  base::Vector<ValueType> value_types_;
  u32 defined_functions_ = 0;
  u8 last_order_ = 0;
  bool header_seen_ = false;
  bool done_ = false;
};

/// The whole of a module at once.
Loaded<Module> decode(std::span<const u8> bytes);

}  // namespace nacre::wasm
