#include "tests/support/wasm_mutator.hpp"

#include <algorithm>

#include "tests/support/wasm_body_mutator.hpp"
#include "tests/support/wasm_pieces.hpp"
#include "tests/support/wasm_snippets.hpp"

namespace nacre::test {

using base::u64;
using base::u8;
using base::usize;
using Kind = ImmediatePiece::Kind;

namespace {

constexpr auto simple_types = std::to_array<u8>({0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x69});

class ModuleMutator {
 public:
  ModuleMutator(ModulePieces& module, Random& random) : module_(module), random_(random) {}

  void change() {
    switch (random_.below(16)) {
      case 0: add_definition(); break;
      case 1: add_function(); break;
      case 2: copy_function(); break;
      case 3: random_.one_in(2) ? change_entries() : change_body(true); break;
      case 4: random_.one_in(3) ? change_sections() : change_body(true); break;
      default: change_body(false); break;
    }
  }

  /// A function of the other module, which this one gets with its type.
  void take_function(const ModulePieces& donor) {
    auto const* const code = donor.find(SectionId::Code);
    if (code == nullptr || code->entries.empty()) return;
    usize const chosen = random_.below(code->entries.size());
    auto const body = BodyPiece::cut(code->entries[chosen]);
    auto const types = donor.function_types();
    usize const imported = types.size() - donor.count(SectionId::Function);
    if (!body || imported + chosen >= types.size()) return;
    auto const signature = SignaturePiece::of(donor, types[imported + chosen]);
    if (signature) define_function(*signature, *body);
  }

  /// An entry of some section of the other module.
  void take_entry(const ModulePieces& donor) {
    constexpr auto kinds = std::to_array<SectionId>(
        {SectionId::Type, SectionId::Table, SectionId::Memory, SectionId::Tag, SectionId::Global,
         SectionId::Element, SectionId::Data, SectionId::Export});
    SectionId const id = random_.pick(kinds);
    auto const* const section = donor.find(id);
    if (section == nullptr || section->entries.empty()) return;
    module_.entries(id).push_back(random_.pick(section->entries));
  }

  /// A few instructions of a body of the other module.
  void take_instructions(const ModulePieces& donor) {
    auto const* const code = donor.find(SectionId::Code);
    if (code == nullptr || code->entries.empty()) return;
    auto const source = BodyPiece::cut(random_.pick(code->entries));
    if (!source || source->code.empty()) return;
    with_body([&](BodyPiece& body, BodyMutator& mutator) {
      auto const begin = static_cast<std::ptrdiff_t>(random_.below(source->code.size()));
      auto const count = static_cast<std::ptrdiff_t>(
          std::min<usize>(random_.below(12) + 1, source->code.size() - static_cast<usize>(begin)));
      body.code.insert(
          body.code.begin() + static_cast<std::ptrdiff_t>(random_.below(body.code.size())),
          source->code.begin() + begin, source->code.begin() + begin + count);
      mutator.repair_indices();
    });
  }

  /// As many bodies as functions, and as many data segments as are announced.
  void repair_counts() {
    if (auto* const announced = module_.find(SectionId::DataCount))
      announced->raw = leb(module_.count(SectionId::Data));
    usize const functions = module_.count(SectionId::Function);
    if (functions == module_.count(SectionId::Code)) return;
    auto& bodies = module_.entries(SectionId::Code);
    auto const types = module_.function_types();
    usize const imported = types.size() - functions;
    while (bodies.size() > functions) bodies.pop_back();
    while (bodies.size() < functions) {
      auto const signature = SignaturePiece::of(module_, types[imported + bodies.size()]);
      auto body = make_body(module_, signature.value_or(SignaturePiece{}), random_);
      bodies.push_back(body.bytes());
    }
  }

 private:
  template <class Change>
  void with_body(Change&& change) {
    auto* const code = module_.find(SectionId::Code);
    if (code == nullptr || code->entries.empty()) return add_function();
    usize const chosen = random_.below(code->entries.size());
    auto body = BodyPiece::cut(code->entries[chosen]);
    if (!body) return;
    auto const types = module_.function_types();
    usize const imported = types.size() - module_.count(SectionId::Function);
    std::optional<SignaturePiece> signature;
    if (imported + chosen < types.size())
      signature = SignaturePiece::of(module_, types[imported + chosen]);
    BodyMutator mutator(module_, signature, *body, random_);
    change(*body, mutator);
    code->entries[chosen] = body->bytes();
  }

  void change_body(bool wildly) {
    with_body([&](BodyPiece&, BodyMutator& mutator) {
      if (wildly)
        mutator.change_wildly();
      else
        mutator.change_gently();
    });
  }

  /// Everything new comes last in its index space, so that other indices stay what they are. Its
  /// export makes it run.
  void define_function(const SignaturePiece& signature, BodyPiece body) {
    auto& types = module_.entries(SectionId::Type);
    types.push_back(signature.bytes());
    usize const type = types.size() - 1;
    usize const index = module_.index_space(Kind::Function);
    module_.entries(SectionId::Function).push_back(leb(type));
    if (random_.one_in(4)) {
      BodyMutator(module_, signature, body, random_).change_gently();
    } else {
      BodyMutator(module_, signature, body, random_).repair_indices();
    }
    module_.entries(SectionId::Code).push_back(body.bytes());
    export_function(index);
  }

  void export_function(u64 index) {
    Bytes entry{6};
    for (int i = 0; i < 6; ++i) entry.push_back(static_cast<u8>('a' + random_.below(26)));
    entry.push_back(0);
    auto const number = leb(index);
    entry.insert(entry.end(), number.begin(), number.end());
    module_.entries(SectionId::Export).push_back(entry);
  }

  std::vector<Bytes> some_types() {
    std::vector<Bytes> types(random_.below(4));
    for (auto& type : types) type = {random_.pick(simple_types)};
    return types;
  }

  void add_function() {
    SignaturePiece const signature{some_types(), some_types()};
    define_function(signature, make_body(module_, signature, random_));
  }

  /// The body of a function, also as that of another one of the same type.
  void copy_function() {
    auto* const code = module_.find(SectionId::Code);
    if (code == nullptr || code->entries.empty()) return add_function();
    auto const types = module_.function_types();
    usize const imported = types.size() - module_.count(SectionId::Function);
    usize const source = random_.below(code->entries.size());
    usize const target = random_.below(code->entries.size());
    if (imported + std::max(source, target) < types.size() &&
        types[imported + source] == types[imported + target] && source != target) {
      code->entries[target] = code->entries[source];
    } else {
      take_function(ModulePieces(module_));
    }
  }

  Bytes constant_of(u8 type) {
    BodyPiece unused;
    Bytes bytes;
    for (auto const& piece : SnippetMaker(module_, unused, 0, random_).value_of(Bytes{type})) {
      auto const one = piece.bytes();
      bytes.insert(bytes.end(), one.begin(), one.end());
    }
    bytes.push_back(0x0b);
    return bytes;
  }

  /// Something for code to use.
  void add_definition() {
    switch (random_.below(7)) {
      case 0:
        module_.entries(SectionId::Memory).push_back({0, static_cast<u8>(random_.below(3))});
        break;
      case 1:
        module_.entries(SectionId::Table).push_back({0x70, 0, static_cast<u8>(random_.below(20))});
        break;
      case 2: {
        u8 const type = random_.pick(simple_types);
        Bytes entry{type, static_cast<u8>(random_.below(2))};
        auto const initial = constant_of(type);
        entry.insert(entry.end(), initial.begin(), initial.end());
        module_.entries(SectionId::Global).push_back(entry);
        break;
      }
      case 3: {
        auto& types = module_.entries(SectionId::Type);
        types.push_back(SignaturePiece{some_types(), {}}.bytes());
        Bytes entry{0};
        auto const index = leb(types.size() - 1);
        entry.insert(entry.end(), index.begin(), index.end());
        module_.entries(SectionId::Tag).push_back(entry);
        break;
      }
      case 4: {
        Bytes entry{1};
        Bytes const content(random_.below(60), static_cast<u8>(random_.next()));
        auto const size = leb(content.size());
        entry.insert(entry.end(), size.begin(), size.end());
        entry.insert(entry.end(), content.begin(), content.end());
        module_.entries(SectionId::Data).push_back(entry);
        if (module_.find(SectionId::DataCount) == nullptr) {
          module_.entries(SectionId::DataCount);
          module_.find(SectionId::DataCount)->is_vector = false;
        }
        break;
      }
      case 5: {
        u64 const functions = module_.index_space(Kind::Function);
        Bytes entry{1, 0, 2};
        for (int i = 0; i < 2; ++i) {
          auto const index = leb(random_.below(functions));
          entry.insert(entry.end(), index.begin(), index.end());
        }
        module_.entries(SectionId::Element).push_back(entry);
        break;
      }
      default: export_function(random_.below(module_.index_space(Kind::Function))); break;
    }
  }

  void change_entries() {
    if (module_.sections.empty()) return;
    auto& section = random_.pick(module_.sections);
    auto& entries = section.entries;
    if (!section.is_vector || entries.empty()) {
      if (!section.raw.empty()) random_.pick(section.raw) = static_cast<u8>(random_.next());
      return;
    }
    auto const at = entries.begin() + static_cast<std::ptrdiff_t>(random_.below(entries.size()));
    switch (random_.below(5)) {
      case 0: entries.erase(at); break;
      case 1: entries.push_back(Bytes(*at)); break;
      case 2: std::swap(*at, random_.pick(entries)); break;
      case 3: entries.pop_back(); break;
      default:
        if (!at->empty())
          random_.pick(*at) =
              static_cast<u8>(random_.one_in(2) ? random_.below(8) : random_.next());
        break;
    }
  }

  void change_sections() {
    auto& sections = module_.sections;
    if (sections.empty()) return;
    auto const at = sections.begin() + static_cast<std::ptrdiff_t>(random_.below(sections.size()));
    switch (random_.below(5)) {
      case 0: sections.erase(at); break;
      case 1: sections.insert(at, SectionPiece(*at)); break;
      case 2: std::swap(*at, random_.pick(sections)); break;
      case 3:
        sections.insert(at, SectionPiece{0, false, {}, {1, 'x', static_cast<u8>(random_.next())}});
        break;
      default: at->id = static_cast<u8>(random_.below(15)); break;
    }
  }

  ModulePieces& module_;
  Random& random_;
};

}  // namespace

std::optional<Bytes> mutate_module(std::span<const u8> module, u64 seed) {
  auto pieces = ModulePieces::cut(module);
  if (!pieces) return std::nullopt;
  Random random(seed);
  ModuleMutator mutator(*pieces, random);
  for (usize changes = random.below(3) + 1; changes != 0; --changes) mutator.change();
  if (!random.one_in(32)) mutator.repair_counts();
  return pieces->bytes();
}

std::optional<Bytes> cross_modules(std::span<const u8> first, std::span<const u8> second,
                                   u64 seed) {
  auto pieces = ModulePieces::cut(first);
  auto const donor = ModulePieces::cut(second);
  if (!pieces || !donor) return std::nullopt;
  Random random(seed);
  ModuleMutator mutator(*pieces, random);
  switch (random.below(4)) {
    case 0: mutator.take_entry(*donor); break;
    case 1: mutator.take_instructions(*donor); break;
    default: mutator.take_function(*donor); break;
  }
  mutator.repair_counts();
  return pieces->bytes();
}

}  // namespace nacre::test
