#pragma once

#include "tests/support/random.hpp"
#include "tests/support/wasm_pieces.hpp"

namespace nacre::test {

/// Changes the instructions of one body of a module.
class BodyMutator {
 public:
  /// All are borrowed; `body` is not in the module while it is changed.
  BodyMutator(const ModulePieces& module, std::optional<SignaturePiece> signature, BodyPiece& body,
              Random& random)
      : module_(module), signature_(std::move(signature)), body_(body), random_(random) {}

  /// A change that keeps the body valid, if it was, as a rule.
  void change_gently();
  /// Any change.
  void change_wildly();
  /// Makes every index one that the module has, where it has any.
  void repair_indices();

 private:
  bool exchange_opcode();
  bool change_number();
  bool change_index();
  bool insert_snippet();
  bool replace_by_value();
  bool wrap_all();
  bool exchange_kin();
  bool add_exit();

  /// Mostly less than `end`; now and then the first that is not.
  base::u64 almost_below(base::u64 end);
  base::u64 parameters() const { return signature_ ? signature_->parameters.size() : 0; }
  /// How many an index can name where the instruction `at` stands.
  base::u64 index_space(ImmediatePiece::Kind kind, base::usize at) const;
  base::u64 labels_at(base::usize at) const;

  const ModulePieces& module_;
  std::optional<SignaturePiece> signature_;
  BodyPiece& body_;
  Random& random_;
};

/// A body that returns values of the right types, in front of which some other code stands.
BodyPiece make_body(const ModulePieces& module, const SignaturePiece& signature, Random& random);

}  // namespace nacre::test
