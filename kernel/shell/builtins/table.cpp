#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"

namespace nacre::shell {
namespace {

constexpr Builtin table[] = {
    {".", "Runs the commands in a file, here", "FILE", "", builtin::dot, true},
    {":", "Does nothing", "[ARGUMENT...]", "", builtin::colon, true},
    {"[", "Tells whether something is so", "EXPRESSION ]", "As test.\n", builtin::test},
    {"alias", "Shows or sets what commands stand for", "[NAME[=TEXT]...]", "", builtin::alias},
    {"bg", "Lets a stopped job go on in the background", "[%JOB]", "", builtin::bg},
    {"break", "Leaves loops", "[COUNT]", "", builtin::break_, true},
    {"cat", "Shows the contents of files", "[FILE...]",
     "Without FILE, or where FILE is -, it reads its input.\n", builtin::cat},
    {"cd", "Changes the directory", "[-LP] [DIRECTORY]",
     "  -L  .. is the directory before, also behind a symbolic link; so it is without it\n"
     "  -P  .. is the directory above\n"
     "Without DIRECTORY it goes to $HOME; - is where it was before.\n",
     builtin::cd},
    {"clear", "Clears the screen", "", "", builtin::clear},
    {"command", "Runs a command that is no function, or tells what it is",
     "[-vV] NAME [ARGUMENT...]",
     "  -v  only what NAME means\n"
     "  -V  the same in words\n",
     builtin::command},
    {"continue", "Begins the next round of a loop", "[COUNT]", "", builtin::continue_, true},
    {"df", "Tells how much room there is in the file systems", "", "", builtin::df},
    {"dmesg", "Shows the kernel's log", "", "", builtin::dmesg},
    {"echo", "Writes its arguments", "[-n] [TEXT...]", "  -n  no line feed at the end\n",
     builtin::echo},
    {"eval", "Runs its arguments as commands", "[TEXT...]", "", builtin::eval, true},
    {"exec", "Runs a program in place of the shell, or redirects the shell",
     "[PROGRAM [ARGUMENT...]]", "", builtin::exec_, true},
    {"exit", "Ends the shell", "[STATUS]", "Without STATUS it is that of the last command.\n",
     builtin::exit, true},
    {"export", "Gives variables to programs", "[-np] [NAME[=VALUE]...]",
     "  -n  no longer\n"
     "  -p  lists them; so it does without NAME\n",
     builtin::export_, true},
    {"false", "Fails", "", "", builtin::false_},
    {"fg", "Brings a job to the foreground", "[%JOB]", "", builtin::fg},
    {"getopts", "Takes options apart", "LETTERS NAME [ARGUMENT...]", "", builtin::getopts},
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
    {"kill", "Ends, stops or continues programs and jobs", "[-SIGNAL] PROCESS|%JOB...",
     "  -l  lists the signals\n"
     "Without SIGNAL it is TERM. STOP and TSTP stop, CONT continues, all others end.\n",
     builtin::kill},
    {"local", "Gives a function variables of its own", "NAME[=VALUE]...", "", builtin::local, true},
    {"ls", "Lists directories", "[-al] [PATH...]",
     "  -a  also names that begin with a dot\n"
     "  -l  type, permissions, size and time, too\n",
     builtin::ls},
    {"lspci", "Lists the devices on the PCI bus", "", "", builtin::lspci},
    {"mem", "Tells how memory is used", "", "", builtin::mem},
    {"mount", "Lists the file systems and where they are", "", "", builtin::mount},
    {"poweroff", "Switches the machine off", "[STATUS]",
     "STATUS is given to who started a virtual machine.\n", builtin::poweroff},
    {"printf", "Writes text by a pattern", "FORMAT [ARGUMENT...]", "", builtin::printf},
    {"ps", "Lists the programs", "[-t]", "  -t  the kernel's tasks instead\n", builtin::ps},
    {"pwd", "Tells the directory", "[-LP]",
     "  -L  as it was gone to; so it is without it\n"
     "  -P  without symbolic links\n",
     builtin::pwd},
    {"read", "Reads a line into variables", "[-r] [-p PROMPT] [NAME...]",
     "  -r         a backslash is a character like any\n"
     "  -p PROMPT  what a person sees before it\n",
     builtin::read},
    {"readonly", "Keeps variables as they are", "[-p] [NAME[=VALUE]...]",
     "  -p  lists them; so it does without NAME\n", builtin::readonly, true},
    {"reboot", "Starts the machine again", "", "", builtin::reboot},
    {"return", "Leaves a function, or a file that . reads", "[STATUS]", "", builtin::return_, true},
    {"run", "Runs a WebAssembly file", "FILE [ARGUMENT...]",
     "Programs in /bin run by their name alone.\n", builtin::run},
    {"set", "Sets options and arguments of the shell", "[-+aCefnuvx] [-+o NAME] [--] [ARGUMENT...]",
     "  -a  what is assigned is exported\n"
     "  -C  > does not empty files that are there\n"
     "  -e  what fails ends the shell\n"
     "  -f  patterns are no paths\n"
     "  -n  commands are only read\n"
     "  -u  variables must be set\n"
     "  -v  shows what is read\n"
     "  -x  shows what is run\n"
     "  -o  by their names; without NAME, it lists them\n",
     builtin::set, true},
    {"sh", "Runs a script", "[-aCefnuvx] [-s | -c TEXT [NAME] | FILE] [ARGUMENT...]",
     "  -c  TEXT is the script\n"
     "  -s  the script is its input; so it is without FILE\n"
     "Other options are those of set.\n",
     builtin::sh},
    {"shift", "Drops the first arguments", "[COUNT]", "", builtin::shift, true},
    {"test", "Tells whether something is so", "EXPRESSION",
     "  -d -e -f -h -L -p -r -s -w -x FILE   a directory, there, a file, a link, not empty, ...\n"
     "  -n TEXT   -z TEXT                    not empty, empty\n"
     "  A = B   A != B   A < B   A > B       of texts\n"
     "  A -eq B   -ne -lt -le -gt -ge        of numbers\n"
     "  A -nt B   A -ot B   A -ef B          of files: newer, older, the same\n"
     "  ! A   A -a B   A -o B   ( A )\n",
     builtin::test},
    {"top", "Shows what programs use, again and again", "[-n COUNT]",
     "  -n COUNT  so many times instead of until Ctrl-C\n", builtin::top},
    {"trace", "Runs a program and tells what it calls of the system", "PROGRAM [ARGUMENT...]",
     "Each call is a line on the error stream: its arguments, its result, and what it gave.\n",
     builtin::trace},
    {"trap", "Sets what is run at the end of the shell", "[ACTION EXIT...]",
     "Without ACTION, or where it is -, nothing is. Other signals are remembered only.\n",
     builtin::trap, true},
    {"true", "Succeeds", "", "", builtin::true_},
    {"type", "Tells what commands are", "NAME...", "", builtin::type},
    {"ulimit", "Shows or sets what programs may use", "[NAME [VALUE]]",
     "  memory       bytes of memory, such as 64M\n"
     "  cpu          seconds of processor time\n"
     "  descriptors  open at a time\n"
     "  space        bytes by which it makes file systems fuller, with K, M or G\n"
     "  depth        calls in calls\n"
     "  fuel         calls and jumps back, about\n"
     "VALUE may be unlimited for memory, cpu, space and fuel.\n",
     builtin::ulimit},
    {"unalias", "Removes aliases", "[-a] [NAME...]", "  -a  all of them\n", builtin::unalias},
    {"unset", "Removes variables or functions", "[-fv] NAME...",
     "  -f  functions\n"
     "  -v  variables; so it is without it\n",
     builtin::unset, true},
    {"uptime", "Tells how long the machine has been running", "", "", builtin::uptime},
    {"wait", "Waits for what runs in the background", "[%JOB | ID...]", "", builtin::wait},
};
static_assert(std::ranges::is_sorted(table, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> builtins() { return table; }

const Builtin* find_builtin(std::string_view name) {
  auto const found = std::ranges::lower_bound(table, name, {}, &Builtin::name);
  return found != std::end(table) && found->name == name ? found : nullptr;
}

}  // namespace nacre::shell
