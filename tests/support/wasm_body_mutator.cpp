#include "tests/support/wasm_body_mutator.hpp"

#include <algorithm>

#include "tests/support/wasm_snippets.hpp"

namespace nacre::test {

using base::u64;
using base::u8;
using base::usize;
using wasm::Immediate;
using wasm::Opcode;
using Kind = ImmediatePiece::Kind;

namespace {

bool is_index(Kind kind) { return kind >= Kind::Label && kind <= Kind::ElementSegment; }

/// Instructions that can stand for each other, in groups of the same immediates.
constexpr auto kin = std::to_array<std::pair<Opcode, Opcode>>({
    {Opcode::Block, Opcode::Loop},
    {Opcode::Block, Opcode::Try},
    {Opcode::Call, Opcode::ReturnCall},
    {Opcode::CallIndirect, Opcode::ReturnCallIndirect},
    {Opcode::CallRef, Opcode::ReturnCallRef},
    {Opcode::LocalSet, Opcode::LocalTee},
    {Opcode::BrOnNull, Opcode::BrOnNonNull},
    {Opcode::Br, Opcode::BrIf},
    {Opcode::Return, Opcode::Unreachable},
    {Opcode::Drop, Opcode::Unreachable},
    {Opcode::RefIsNull, Opcode::RefAsNonNull},
    {Opcode::Catch, Opcode::Throw},
});

}  // namespace

u64 BodyMutator::labels_at(usize at) const {
  u64 labels = 1;
  for (usize i = 0; i < std::min(at, body_.code.size()); ++i) {
    switch (body_.code[i].info->opcode) {
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
      case Opcode::Try:
      case Opcode::TryTable: ++labels; break;
      case Opcode::End:
      case Opcode::Delegate: labels -= labels != 0 ? 1 : 0; break;
      default: break;
    }
  }
  return labels;
}

u64 BodyMutator::index_space(Kind kind, usize at) const {
  if (kind == Kind::Local) return parameters() + body_.local_count;
  if (kind == Kind::Label) return labels_at(at);
  return module_.index_space(kind);
}

void BodyMutator::change_gently() {
  for (int attempt = 0; attempt < 8; ++attempt) {
    bool done = false;
    switch (random_.below(12)) {
      case 0:
      case 1:
      case 2: done = exchange_opcode(); break;
      case 3:
      case 4: done = change_number(); break;
      case 5: done = random_.one_in(2) && change_index(); break;
      case 6: done = replace_by_value(); break;
      case 7: done = wrap_all(); break;
      case 8: done = random_.one_in(3) && exchange_kin(); break;
      case 9: done = add_exit(); break;
      default: done = insert_snippet(); break;
    }
    if (done) return;
  }
}

void BodyMutator::change_wildly() {
  auto& code = body_.code;
  if (code.empty()) return;
  usize const at = random_.below(code.size());
  auto const from = code.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random_.below(8)) {
    case 0: code.erase(from); return;
    case 1: code.insert(from, InstructionPiece(*from)); return;
    case 2: std::swap(code[at], random_.pick(code)); return;
    case 3: {
      // A few instructions once more, elsewhere.
      usize const count = std::min(random_.below(6) + 1, code.size() - at);
      std::vector<InstructionPiece> const copied(from, from + static_cast<std::ptrdiff_t>(count));
      code.insert(code.begin() + static_cast<std::ptrdiff_t>(random_.below(code.size())),
                  copied.begin(), copied.end());
      return;
    }
    case 4: {
      // Another opcode with the same immediates.
      auto const& info = random_.pick(wasm::opcode_table);
      if (info.immediate == code[at].info->immediate) code[at].info = &info;
      return;
    }
    case 5: {
      auto const made = SnippetMaker(module_, body_, parameters(), random_)
                            .instruction(random_.pick(wasm::opcode_table));
      if (made) code.insert(code.begin() + static_cast<std::ptrdiff_t>(at), *made);
      return;
    }
    case 6: {
      for (auto& immediate : code[at].immediates)
        if (immediate.kind == Kind::Raw && !immediate.raw.empty())
          random_.pick(immediate.raw) = static_cast<u8>(random_.next());
        else
          immediate.value = interesting_number(random_, 32);
      return;
    }
    default: change_index(); return;
  }
}

/// Another opcode that takes and leaves the same.
bool BodyMutator::exchange_opcode() {
  if (body_.code.empty()) return false;
  auto& instruction = random_.pick(body_.code);
  auto const effect = effect_of(*instruction.info);
  if (!effect) return false;
  usize const start = random_.below(wasm::opcode_table.size());
  for (usize i = 0; i < wasm::opcode_table.size(); ++i) {
    auto const& info = wasm::opcode_table[(start + i) % wasm::opcode_table.size()];
    if (&info == instruction.info || effect_of(info) != effect) continue;
    auto const made = SnippetMaker(module_, body_, parameters(), random_).instruction(info);
    if (!made) continue;
    instruction = *made;
    return true;
  }
  return false;
}

bool BodyMutator::change_number() {
  if (body_.code.empty()) return false;
  auto& instruction = random_.pick(body_.code);
  for (auto& immediate : instruction.immediates) {
    if (random_.one_in(2)) continue;
    // A number's bytes, not the number.
    if (immediate.kind != Kind::Raw && random_.one_in(4)) {
      immediate.padding = static_cast<u8>(random_.below(5));
      return true;
    }
    switch (immediate.kind) {
      case Kind::I32: {
        auto const value = static_cast<base::i32>(interesting_number(random_, 32));
        immediate.value = static_cast<u64>(base::i64{value});
        return true;
      }
      case Kind::I64: immediate.value = interesting_number(random_, 64); return true;
      case Kind::Offset:
        immediate.value = interesting_number(random_, random_.one_in(16) ? 33 : 17);
        return true;
      case Kind::Alignment:
        immediate.value = almost_below(instruction.info->access_log2 + 1u);
        return true;
      case Kind::Lane: immediate.value = almost_below(instruction.info->lane_count()); return true;
      default: break;
    }
  }
  return false;
}

u64 BodyMutator::almost_below(u64 end) { return random_.one_in(8) ? end : random_.below(end); }

bool BodyMutator::change_index() {
  if (body_.code.empty()) return false;
  usize const at = random_.below(body_.code.size());
  for (auto& immediate : body_.code[at].immediates)
    if (is_index(immediate.kind)) {
      immediate.value = almost_below(index_space(immediate.kind, at));
      return true;
    }
  return false;
}

bool BodyMutator::insert_snippet() {
  auto const snippet = SnippetMaker(module_, body_, parameters(), random_).make();
  auto& code = body_.code;
  code.insert(code.begin() + static_cast<std::ptrdiff_t>(random_.below(code.size())),
              snippet.begin(), snippet.end());
  return !snippet.empty();
}

/// Drops the operands of an instruction and leaves another value of the same type as its result.
bool BodyMutator::replace_by_value() {
  auto& code = body_.code;
  if (code.empty()) return false;
  usize const at = random_.below(code.size());
  auto const effect = effect_of(*code[at].info);
  if (!effect || (effect->operands().empty() && !effect->result)) return false;
  Snippet made(effect->operands().size(), piece_of(Opcode::Drop));
  if (effect->result) {
    auto const value =
        SnippetMaker(module_, body_, parameters(), random_).value_of(*effect->result);
    made.insert(made.end(), value.begin(), value.end());
  }
  auto const from = code.erase(code.begin() + static_cast<std::ptrdiff_t>(at));
  code.insert(from, made.begin(), made.end());
  return true;
}

/// Puts everything into one more block with the function's results. What branched to the function
/// branches to that.
bool BodyMutator::wrap_all() {
  auto& code = body_.code;
  if (code.empty() || !signature_ || signature_->results.size() > 1) return false;
  ImmediatePiece const type{Kind::Raw, 0,
                            signature_->results.empty() ? Bytes{0x40} : signature_->results[0]};
  Snippet front;
  Snippet back;
  SnippetMaker maker(module_, body_, parameters(), random_);
  auto const values = [&](Snippet& to) {
    for (auto const& result : signature_->results) {
      auto const value = maker.value_of(result);
      to.insert(to.end(), value.begin(), value.end());
    }
  };
  switch (random_.below(6)) {
    case 0: front = {piece_of(Opcode::Block, {type})}; break;
    case 1:
      front = {piece_of(Opcode::Try, {type})};
      back = {piece_of(Opcode::CatchAll)};
      values(back);
      break;
    case 2: {
      front = {piece_of(Opcode::Try, {type})};
      back = {piece_of(Opcode::Delegate, {{Kind::Label, 0, {}}})};
      break;
    }
    case 3: {
      // In place of the function's own `end`, whose branches come with values.
      front = {piece_of(Opcode::Block, {{Kind::Raw, 0, {0x40}}}),
               piece_of(Opcode::TryTable,
                        {{Kind::Raw, 0, {0x40}}, {Kind::ClauseKind, 2, {}}, {Kind::Label, 0, {}}})};
      front.push_back(piece_of(Opcode::Block, {type}));
      back = {piece_of(Opcode::End), piece_of(Opcode::Return), piece_of(Opcode::End),
              piece_of(Opcode::End)};
      values(back);
      code.pop_back();
      code.insert(code.begin(), front.begin(), front.end());
      code.insert(code.end(), back.begin(), back.end());
      code.push_back(piece_of(Opcode::End));
      return true;
    }
    case 4:
      if (!signature_->results.empty()) return false;
      front = {piece_of(Opcode::Loop, {type})};
      break;
    default:
      front = maker.value_of(wasm::ValueType::I32);
      front.push_back(piece_of(Opcode::If, {type}));
      back = {piece_of(Opcode::Else)};
      values(back);
      break;
  }
  bool const is_delegate = !back.empty() && back[0].info->opcode == Opcode::Delegate;
  code.pop_back();
  code.insert(code.begin(), front.begin(), front.end());
  code.insert(code.end(), back.begin(), back.end());
  if (!is_delegate) code.push_back(piece_of(Opcode::End));
  code.push_back(piece_of(Opcode::End));
  return true;
}

bool BodyMutator::exchange_kin() {
  if (body_.code.empty()) return false;
  auto& instruction = random_.pick(body_.code);
  for (auto const& [first, second] : kin) {
    if (random_.one_in(2)) continue;
    Opcode const now = instruction.info->opcode;
    if (now != first && now != second) continue;
    instruction.info = &wasm::info_of(now == first ? second : first);
    return true;
  }
  return false;
}

/// A way out of the function, taken or not: what comes behind stays as it is.
bool BodyMutator::add_exit() {
  auto& code = body_.code;
  if (code.empty() || !signature_) return false;
  SnippetMaker maker(module_, body_, parameters(), random_);
  Snippet inner;
  auto const append = [&inner](const Snippet& more) {
    inner.insert(inner.end(), more.begin(), more.end());
  };
  auto const at = static_cast<std::ptrdiff_t>(random_.below(code.size()));
  bool const calls = random_.one_in(2) && module_.index_space(Kind::Function) != 0;
  auto const types = module_.function_types();
  usize const callee = random_.below(types.size());
  auto const called = calls ? SignaturePiece::of(module_, types[callee]) : std::nullopt;
  if (called && called->results == signature_->results) {
    for (auto const& type : called->parameters) append(maker.value_of(type));
    inner.push_back(piece_of(Opcode::ReturnCall, {{Kind::Function, callee, {}}}));
  } else {
    for (auto const& type : signature_->results) append(maker.value_of(type));
    u64 const outermost = labels_at(static_cast<usize>(at));
    inner.push_back(random_.one_in(2) ? piece_of(Opcode::Return)
                                      : piece_of(Opcode::Br, {{Kind::Label, outermost, {}}}));
  }
  Snippet made = maker.value_of(wasm::ValueType::I32);
  made.push_back(piece_of(Opcode::If, {{Kind::Raw, 0, {0x40}}}));
  made.insert(made.end(), inner.begin(), inner.end());
  made.push_back(piece_of(Opcode::End));
  code.insert(code.begin() + at, made.begin(), made.end());
  return true;
}

void BodyMutator::repair_indices() {
  for (usize at = 0; at < body_.code.size(); ++at)
    for (auto& immediate : body_.code[at].immediates)
      if (is_index(immediate.kind) && immediate.kind != Kind::Label)
        if (u64 const space = index_space(immediate.kind, at); space != 0) immediate.value %= space;
}

BodyPiece make_body(const ModulePieces& module, const SignaturePiece& signature, Random& random) {
  BodyPiece body;
  body.locals = {0};
  SnippetMaker maker(module, body, signature.parameters.size(), random);
  auto const append = [&body](const Snippet& more) {
    body.code.insert(body.code.end(), more.begin(), more.end());
  };
  for (usize count = random.below(5); count != 0; --count) append(maker.make());
  for (auto const& result : signature.results) append(maker.value_of(result));
  append({piece_of(Opcode::End)});
  return body;
}

}  // namespace nacre::test
