#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"

namespace nacre::shell {
namespace {

constexpr Builtin table[] = {
    {"bg", "Lets a stopped job go on in the background", "[%JOB]", "", builtin::bg},
    {"cat", "Shows the contents of files", "[FILE...]",
     "Without FILE, or where FILE is -, it reads its input.\n", builtin::cat},
    {"cd", "Changes the directory", "[DIRECTORY]", "Without DIRECTORY it goes to the root.\n",
     builtin::cd},
    {"clear", "Clears the screen", "", "", builtin::clear},
    {"df", "Tells how much room there is in the file systems", "", "", builtin::df},
    {"dmesg", "Shows the kernel's log", "", "", builtin::dmesg},
    {"echo", "Writes its arguments", "[-n] [TEXT...]", "  -n  no line feed at the end\n",
     builtin::echo},
    {"exit", "Ends the shell", "[STATUS]", "Without STATUS it is that of the last command.\n",
     builtin::exit},
    {"false", "Fails", "", "", builtin::false_},
    {"fg", "Brings a job to the foreground", "[%JOB]", "", builtin::fg},
    {"grep", "Finds lines", "[-EFcilnqvx] [-e] PATTERN [FILE...]",
     "  -E  PATTERN is an extended regular expression, not a basic one\n"
     "  -F  PATTERN is a text as it is\n"
     "  -c  only how many lines\n"
     "  -i  upper or lower case alike\n"
     "  -l  only the names of files that have such lines\n"
     "  -n  with the number of each line\n"
     "  -q  nothing but the status: 0 if there is such a line, 1 if not\n"
     "  -v  lines without it\n"
     "  -x  only whole lines\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::grep},
    {"help", "Tells what commands there are", "[COMMAND...]", "", builtin::help},
    {"hexdump", "Shows files byte by byte", "[-n COUNT] [FILE...]",
     "  -n COUNT  only so many bytes of each\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::hexdump},
    {"jobs", "Lists what runs in the background or is stopped", "", "", builtin::jobs},
    {"keymap", "Shows or changes what the keys write", "[NAME|FILE]",
     "Without an argument it lists the layouts; the one in use has a star.\n"
     "FILE has a slash in it, and says: layout NAME, then in each line a key and what it writes\n"
     "alone, with Shift, with AltGr and with both.\n",
     builtin::keymap},
    {"kill", "Ends, stops or continues programs and jobs", "[-SIGNAL] PROCESS|%JOB...",
     "  -l  lists the signals\n"
     "Without SIGNAL it is TERM. STOP and TSTP stop, CONT continues, all others end.\n",
     builtin::kill},
    {"ls", "Lists directories", "[-al] [PATH...]",
     "  -a  also names that begin with a dot\n"
     "  -l  type, permissions, size and time, too\n",
     builtin::ls},
    {"lspci", "Lists the devices on the PCI bus", "", "", builtin::lspci},
    {"mem", "Tells how memory is used", "", "", builtin::mem},
    {"mount", "Lists the file systems and where they are", "", "", builtin::mount},
    {"poweroff", "Switches the machine off", "[STATUS]",
     "STATUS is given to who started a virtual machine.\n", builtin::poweroff},
    {"ps", "Lists the programs", "[-t]", "  -t  the kernel's tasks instead\n", builtin::ps},
    {"pwd", "Tells the directory", "", "", builtin::pwd},
    {"reboot", "Starts the machine again", "", "", builtin::reboot},
    {"run", "Runs a WebAssembly file", "FILE [ARGUMENT...]",
     "Programs in /bin run by their name alone.\n", builtin::run},
    {"status", "Shows or hides the line below the terminal", "[on|off]",
     "Without an argument it tells which.\n", builtin::status_line},
    {"theme", "Shows or changes the colours of the screen", "[NAME]",
     "Without NAME it lists the themes; the one in use has a star.\n", builtin::theme},
    {"top", "Shows what programs use, again and again", "[-n COUNT]",
     "  -n COUNT  so many times instead of until Ctrl-C\n", builtin::top},
    {"trace", "Runs a program and tells what it calls of the system", "PROGRAM [ARGUMENT...]",
     "Each call is a line on the error stream: its arguments, its result, and what it gave.\n",
     builtin::trace},
    {"true", "Succeeds", "", "", builtin::true_},
    {"ulimit", "Shows or sets what programs may use", "[NAME [VALUE]]",
     "  memory       bytes of memory, such as 64M\n"
     "  cpu          seconds of processor time\n"
     "  descriptors  open at a time\n"
     "  depth        calls in calls\n"
     "  fuel         calls and jumps back, about\n"
     "VALUE may be unlimited for memory, cpu and fuel.\n",
     builtin::ulimit},
    {"uptime", "Tells how long the machine has been running", "", "", builtin::uptime},
};
static_assert(std::ranges::is_sorted(table, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> builtins() { return table; }

const Builtin* find_builtin(std::string_view name) {
  auto const found = std::ranges::lower_bound(table, name, {}, &Builtin::name);
  return found != std::end(table) && found->name == name ? found : nullptr;
}

}  // namespace nacre::shell
