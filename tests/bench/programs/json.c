// Makes a JSON text, and parses it into a tree by recursive descent: branches, byte loads,
// recursion.
#include "tests/bench/programs/bench.h"

enum { text_size = 1200000, text_capacity = 4 << 20, values_capacity = 16 << 20, parses = 4 };

typedef enum { Null, True, False, String, Array, Object, Number } Kind;
typedef struct Value Value;
struct Value {
  u8 kind;
  u32 size;  // of a string in characters, of an array or object in members
  f64 number;
  const u8* text;
  Value *first, *next;
};

// ---- making the text

static u8* text;
static u32 text_length;

static void put(const char* letters) {
  while (*letters) text[text_length++] = (u8)*letters++;
}
static void put_number(u64 value) {
  char* const at = (char*)text + text_length;
  text_length += (u32)(write_number(at, value) - at);
}
static void make_leaf(u64 choice) {
  switch (choice >> 8 & 3) {
    case 0:
      put_number(choice >> 40);
      put(".");
      put_number(choice >> 50 & 999);
      return;
    case 1: put(choice & 16 ? "true" : "null"); return;
    default:
      put("\"str");
      put_number(choice >> 30);
      put(choice & 64 ? "\\n\\u00e9 tail\"" : " some words\"");
      return;
  }
}
static void make_value(int depth) {
  u64 const choice = next_random();
  if (depth == 0 || choice % 7 == 0) {
    make_leaf(choice);
    return;
  }
  u32 const members = 3 + (choice >> 20) % 6;
  int const is_object = (choice & 32) != 0;
  put(is_object ? "{" : "[");
  for (u32 i = 0; i < members; i++) {
    if (i != 0) put(is_object ? ", " : ",");
    if (is_object) {
      put("\"key");
      put_number(i);
      put("\": ");
    }
    make_value(depth - 1);
  }
  put(is_object ? "}" : "]");
}

// ---- parsing it

static const u8* at;
static Value* values;
static u32 value_count;

static Value* new_value(Kind kind) {
  Value* const value = &values[value_count++];
  *value = (Value){.kind = (u8)kind};
  return value;
}
static inline void skip_space(void) {
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}
static inline u32 hexadecimal(u8 digit) {
  return digit <= '9' ? digit - '0' : (u32)(digit | 32) - 'a' + 10;
}
static NEVER_INLINE Value* parse_string(void) {
  Value* const value = new_value(String);
  value->text = ++at;
  u32 size = 0;
  for (; *at != '"'; at++) {
    u32 code = 0;
    if (*at == '\\' && *++at == 'u') {
      for (int i = 0; i < 4; i++) code = code * 16 + hexadecimal(*++at);
    }
    size += code < 128 ? 1 : 2;
  }
  at++;
  value->size = size;
  return value;
}
static Value* parse_number(void) {
  Value* const value = new_value(Number);
  int const negative = *at == '-';
  at += negative;
  f64 number = 0;
  for (; (u32)*at - '0' < 10; at++) number = number * 10 + (*at - '0');
  if (*at == '.') {
    f64 scale = 0.1;
    for (at++; (u32)*at - '0' < 10; at++) {
      number += scale * (*at - '0');
      scale *= 0.1;
    }
  }
  value->number = negative ? -number : number;
  return value;
}
static NEVER_INLINE Value* parse_value(void);
/// An array or object, whose members are chained; a key is followed by its value.
static Value* parse_members(Kind kind, u8 close) {
  Value* const value = new_value(kind);
  Value** last = &value->first;
  at++;
  skip_space();
  if (*at == close) {
    at++;
    return value;
  }
  for (;;) {
    if (kind == Object) {
      skip_space();
      *last = parse_string();
      last = &(*last)->next;
      skip_space();
      at++;
    }
    *last = parse_value();
    last = &(*last)->next;
    value->size++;
    skip_space();
    if (*at++ == close) return value;
  }
}
static NEVER_INLINE Value* parse_value(void) {
  skip_space();
  switch (*at) {
    case '{': return parse_members(Object, '}');
    case '[': return parse_members(Array, ']');
    case '"': return parse_string();
    case 't': at += 4; return new_value(True);
    case 'f': at += 5; return new_value(False);
    case 'n': at += 4; return new_value(Null);
    default: return parse_number();
  }
}

static NEVER_INLINE u64 sum(const Value* value) {
  u64 total = value->kind * 7 + value->size + (u64)value->number;
  for (const Value* member = value->first; member; member = member->next) total += sum(member);
  return total;
}

static u64 kernel(void) {
  if (!text) {
    text = allocate(text_capacity);
    values = allocate(values_capacity);
    put("[");
    while (text_length < text_size) {
      if (text_length > 1) put(",");
      make_value(4);
    }
    put("]");
  }
  u64 total = 0;
  for (int parse = 0; parse < parses; parse++) {
    at = text;
    value_count = 0;
    total += sum(parse_value());
  }
  return total + value_count;
}
