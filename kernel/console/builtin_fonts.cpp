#include "kernel/console/builtin_fonts.hpp"

namespace nacre::console {
namespace {

constexpr base::u8 regular[] = {
#embed "Uni2-Terminus16.psf"
};
constexpr base::u8 bold[] = {
#embed "Uni2-TerminusBold16.psf"
};

}  // namespace

std::span<const base::u8> builtin_font() { return regular; }
std::span<const base::u8> builtin_bold_font() { return bold; }

}  // namespace nacre::console
