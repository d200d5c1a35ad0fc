#include "lib/wasm/runtime/instantiation.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/wasm/runtime/constant.hpp"

namespace nacre::wasm {
namespace {

/// How many items a step makes, and how many bytes count as one.
constexpr u32 items_per_step = 256;
constexpr u64 bytes_per_item = 4096;
/// How much of a memory a step takes. As large as the largest pages that it may get.
constexpr u64 memory_per_step = u64{2} << 20;

ExternKind kind_of(const Extern& thing) { return static_cast<ExternKind>(thing.index()); }
static_assert(std::is_same_v<std::variant_alternative_t<1, Extern>, Table*> &&
              static_cast<u8>(ExternKind::Table) == 1);

std::expected<ValueSlots, base::OutOfMemory> constant(const ConstantExpression& expression,
                                                      const Instance& instance) {
  Cursor cursor(expression.bytes, expression.offset);
  return evaluate_constant(cursor, instance);
}

}  // namespace

Instantiation::Work Instantiation::work_of(Stage stage) const {
  using I = Instantiation;
  Module const& module = module_;
  switch (stage) {
    case Stage::Types: return {module.types.size(), &I::type};
    case Stage::Imports: return {module.imports.size(), &I::import};
    case Stage::Functions: return {module.bodies.size(), &I::function};
    case Stage::Tables: return {module.tables.size() - module.imported_tables, &I::table};
    case Stage::Memories: return {module.memories.size() - module.imported_memories, &I::memory};
    case Stage::Globals: return {module.globals.size() - module.imported_globals, &I::global};
    case Stage::Tags: return {module.tags.size() - module.imported_tags, &I::tag};
    case Stage::Elements: return {module.elements.size(), &I::element_segment};
    case Stage::Data: return {module.data.size(), &I::data_segment};
    case Stage::ActiveElements: return {module.elements.size(), &I::active_elements};
    case Stage::ActiveData: return {module.data.size(), &I::active_data};
    case Stage::Done: break;
  }
  return {};
}

std::expected<void, InstantiateError> Instantiation::enter(Stage stage) {
  stage_ = stage;
  next_ = 0;
  if (stage == Stage::Functions) {
    TRY(instance_->functions.try_reserve(module_.functions.size()));
    TRY(instance_->own_functions.try_reserve(module_.bodies.size()));
  } else if (stage == Stage::Elements) {
    TRY(instance_->elements.try_resize(module_.elements.size()));
  } else if (stage == Stage::ActiveElements) {
    // From here on other instances may come to refer to this one, so it stays whatever happens.
    TRY(store_.instances_.try_push_back(std::move(made_)));
  }
  return {};
}

std::expected<void, InstantiateError> Instantiation::step() {
  if (instance_ == nullptr) {
    TRY(made_, base::try_make<Instance>(store_, module_));
    instance_ = made_.get();
  }
  for (u32 items = 0; items < items_per_step && !done(); ++items) {
    Work const work = work_of(stage_);
    if (next_ == work.count) {
      TRY(enter(static_cast<Stage>(static_cast<u8>(stage_) + 1)));
      continue;
    }
    TRY(bool const is_done, (this->*work.make)());
    if (!is_done && stage_ == Stage::Memories) return {};
    if (!is_done) continue;
    ++next_;
    done_ = 0;
    elements_.reset();
  }
  return {};
}

Instantiation::Made Instantiation::type() {
  auto& numbers = instance_->signatures;
  auto const number =
      store_.signatures_.intern_next(module_.types[next_], {numbers.data(), numbers.size()});
  // The validator has seen that it refers to types that exist.
  if (!number) return std::unexpected(base::OutOfMemory{});
  TRY(numbers.try_push_back(*number));
  return true;
}

/// [wasm/core: "Import Matching"]
Instantiation::Made Instantiation::import() {
  Import const& import = module_.imports[next_];
  Instance& instance = *instance_;
  auto const found = linker_.find(import.module, import.name);
  if (!found) return std::unexpected(UnknownImport{import.module, import.name});
  auto const incompatible =
      std::unexpected(IncompatibleImport{import.module, import.name, import.kind, kind_of(*found)});
  if (kind_of(*found) != import.kind) return incompatible;
  switch (import.kind) {
    case ExternKind::Function: {
      auto* const function = std::get<FunctionInstance*>(*found);
      if (function->signature != instance.signatures[module_.functions[import.index]])
        return incompatible;
      TRY(instance.functions.try_push_back(function));
      break;
    }
    case ExternKind::Table: {
      auto* const table = std::get<Table*>(*found);
      TableType const& wanted = module_.tables[import.index].type;
      TableType const has = table->type();
      if (has.element != instance.store_type(wanted.element) || !has.limits.matches(wanted.limits))
        return incompatible;
      TRY(instance.tables.try_push_back(table));
      break;
    }
    case ExternKind::Memory: {
      auto* const memory = std::get<LinearMemory*>(*found);
      if (!memory->type().limits.matches(module_.memories[import.index].limits))
        return incompatible;
      TRY(instance.memories.try_push_back(memory));
      break;
    }
    case ExternKind::Global: {
      auto* const global = std::get<GlobalInstance*>(*found);
      GlobalType const wanted = module_.globals[import.index].type;
      ValueType const type = instance.store_type(wanted.value);
      bool const fits =
          wanted.is_mutable ? global->type.value == type : matches(global->type.value, type);
      if (global->type.is_mutable != wanted.is_mutable || !fits) return incompatible;
      TRY(instance.globals.try_push_back(global));
      break;
    }
    case ExternKind::Tag: {
      auto* const tag = std::get<TagInstance*>(*found);
      if (tag->signature != instance.signatures[module_.tags[import.index]]) return incompatible;
      TRY(instance.tags.try_push_back(tag));
      break;
    }
  }
  return true;
}

Instantiation::Made Instantiation::function() {
  u32 const index = module_.imported_functions + static_cast<u32>(next_);
  FunctionType const& type = module_.type_of_function(index);
  FunctionInstance function;
  function.instance = instance_;
  function.index = index;
  function.signature = instance_->signatures[module_.functions[index]];
  function.parameter_slots = static_cast<u16>(slots_of(type.parameters()));
  function.result_slots = static_cast<u16>(slots_of(type.results()));
  store_.tier_.prepare(function);
  instance_->own_functions.push_back_reserved(function);
  instance_->functions.push_back_reserved(&instance_->own_functions.back());
  return true;
}

Instantiation::Made Instantiation::table() {
  u32 const index = module_.imported_tables + static_cast<u32>(next_);
  TableDefinition const& definition = module_.tables[index];
  if (definition.type.limits.minimum > store_.limits_.table_elements)
    return std::unexpected(TooLarge{ExternKind::Table, index});
  Slot initial = 0;
  if (!definition.initial.bytes.empty()) {
    TRY(ValueSlots const slots, constant(definition.initial, *instance_));
    initial = slots[0];
  }
  TableType type = definition.type;
  type.element = instance_->store_type(type.element);
  TRY(Table* const table, store_.add_table(type, initial));
  TRY(instance_->tables.try_push_back(table));
  return true;
}

/// Its pages are taken in parts. It begins with none, and grows once all are there.
Instantiation::Made Instantiation::memory() {
  u32 const index = module_.imported_memories + static_cast<u32>(next_);
  Limits const& limits = module_.memories[index].limits;
  if (done_ == 0) {
    if (limits.minimum > store_.limits_.memory_pages)
      return std::unexpected(TooLarge{ExternKind::Memory, index});
    TRY(memory_, store_.add_memory({{0, limits.maximum}}));
    TRY(instance_->memories.try_push_back(memory_));
    // Not even begun where the host has too little, so that others do not go short meanwhile.
    if (!memory_->may_grow(limits.minimum)) return std::unexpected(base::OutOfMemory{});
  }
  u64 const size = u64{limits.minimum} * MemoryType::page_size;
  done_ = std::min(size, done_ + memory_per_step);
  if (!memory_->prepare(done_)) return std::unexpected(base::OutOfMemory{});
  if (done_ < size) return false;
  if (!memory_->grow(limits.minimum)) return std::unexpected(base::OutOfMemory{});
  return true;
}

Instantiation::Made Instantiation::global() {
  Global const& definition = module_.globals[module_.imported_globals + next_];
  TRY(ValueSlots const slots, constant(definition.initial, *instance_));
  GlobalType type = definition.type;
  type.value = instance_->store_type(type.value);
  TRY(GlobalInstance* const global, store_.add_global(type, Value(type.value, slots)));
  TRY(instance_->globals.try_push_back(global));
  return true;
}

Instantiation::Made Instantiation::tag() {
  u32 const type = module_.tags[module_.imported_tags + next_];
  TRY(TagInstance* const tag, store_.add_tag(instance_->signatures[type]));
  TRY(instance_->tags.try_push_back(tag));
  return true;
}

Instantiation::Made Instantiation::element_segment() {
  ElementSegment const& segment = module_.elements[next_];
  auto& elements = instance_->elements[next_];
  if (!elements_) {
    TRY(elements.try_reserve(segment.count));
    elements_.emplace(segment.elements.bytes, segment.elements.offset);
  }
  if (elements_->at_end()) return true;
  if (segment.has_expressions) {
    TRY(ValueSlots const slots, evaluate_constant(*elements_, *instance_));
    elements.push_back_reserved(slots[0]);
  } else {
    elements.push_back_reserved(reference_to(instance_->functions[*elements_->leb_u32()]));
  }
  return elements_->at_end();
}

Instantiation::Made Instantiation::data_segment() {
  TRY(instance_->data.try_push_back(module_.data[next_].bytes));
  return true;
}

std::expected<u64, InstantiateError> Instantiation::start_of(const ConstantExpression& expression) {
  TRY(ValueSlots const slots, constant(expression, *instance_));
  return slots[0];
}

Instantiation::Made Instantiation::active_elements() {
  ElementSegment const& segment = module_.elements[next_];
  auto& source = instance_->elements[next_];
  bool is_last = true;
  if (segment.mode == SegmentMode::Active) {
    TRY(u64 const start, start_of(segment.start));
    auto const target = instance_->tables[segment.table]->elements();
    if (start + source.size() > target.size()) return std::unexpected(Trap::TableOutOfBounds);
    u64 const count = std::min<u64>(bytes_per_item / sizeof(Slot), source.size() - done_);
    auto const part = std::span<const Slot>(source.data(), source.size()).subspan(done_, count);
    std::ranges::copy(part, target.subspan(start + done_).begin());
    done_ += count;
    is_last = done_ == source.size();
  }
  if (is_last && segment.mode != SegmentMode::Passive) source = {};
  return is_last;
}

Instantiation::Made Instantiation::active_data() {
  DataSegment const& segment = module_.data[next_];
  if (segment.mode != SegmentMode::Active) return true;
  TRY(u64 const start, start_of(segment.start));
  GuestMemory const memory(instance_->memories[segment.memory]);
  auto const target = memory.span(static_cast<u32>(start), segment.bytes.size());
  if (!target) return std::unexpected(Trap::MemoryOutOfBounds);
  u64 const count = std::min<u64>(bytes_per_item, segment.bytes.size() - done_);
  std::ranges::copy(segment.bytes.subspan(done_, count), target->subspan(done_).begin());
  done_ += count;
  if (done_ < segment.bytes.size()) return false;
  instance_->data[next_] = {};
  return true;
}

}  // namespace nacre::wasm
