#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"

namespace nacre::shell {
namespace {

constexpr Builtin table[] = {
    {".", "Runs the commands in a file, here", "FILE", "", builtin::dot, true},
    {":", "Does nothing", "[ARGUMENT...]", "", builtin::colon, true},
    {"[", "Tells whether something is so", "EXPRESSION ]", "As test.\n", builtin::test},
    {"acpi", "Shows the firmware's tables, and what the kernel takes from them", "[SIGNATURE...]",
     "With SIGNATURE, such as APIC, it shows the bytes of that table.\n", builtin::acpi},
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
     "  -p  runs it\n"
     "  -v  only what NAME means\n"
     "  -V  the same in words\n",
     builtin::command},
    {"continue", "Begins the next round of a loop", "[COUNT]", "", builtin::continue_, true},
    {"cp", "Copies files", "[-r] FILE... TARGET",
     "  -r  directories, too, with all that is in them\n", builtin::cp},
    {"cpuid", "Shows what the processor is and what it has", "[-r]",
     "  -r  the numbers that it gives itself, leaf by leaf\n"
     "What has a star the kernel uses; what is in brackets it would use if it were there.\n",
     builtin::cpuid},
    {"cut", "Shows parts of lines", "-c LIST | -f LIST [-d CHARACTER] [-s] [FILE...]",
     "  -c LIST  bytes: 1,3-5 or 7-\n"
     "  -f LIST  fields\n"
     "  -d CHARACTER  what stands between fields, if not a tab\n"
     "  -s  no lines without it\n",
     builtin::cut},
    {"date", "Tells the time", "[+FORMAT]",
     "In FORMAT, %Y %m %d %H %M %S %j %s %a %A %b %B %F %T stand for parts of it. The time is "
     "UTC.\n",
     builtin::date},
    {"df", "Tells how much room there is in the file systems", "", "", builtin::df},
    {"dmesg", "Shows the kernel's log", "", "", builtin::dmesg},
    {"du", "Tells how large directories are, in KiB", "[-s] [PATH...]",
     "  -s  only each PATH as a whole\n", builtin::du},
    {"echo", "Writes its arguments", "[-n] [TEXT...]", "  -n  no line feed at the end\n",
     builtin::echo},
    {"env", "Shows what programs are given, or runs one with more or less",
     "[-i] [NAME=VALUE...] [COMMAND...]", "  -i  nothing but what is named here\n", builtin::env},
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
    {"find", "Finds files below directories",
     "[PATH...] [-name PATTERN] [-type f|d|l|c] [-maxdepth COUNT]", "", builtin::find},
    {"getopts", "Takes options apart", "LETTERS NAME [ARGUMENT...]", "", builtin::getopts},
    {"grep", "Finds lines", "[-EFcilnqvx] [-e] PATTERN [FILE...]",
     "  -E  PATTERN is an extended regular expression, not a basic one\n"
     "  -F  PATTERN is a text as it is\n"
     "  -c  only how many lines\n"
     "  -e PATTERN  the same as PATTERN, which may begin with a dash\n"
     "  -i  upper or lower case alike\n"
     "  -l  only the names of files that have such lines\n"
     "  -n  with the number of each line\n"
     "  -q  nothing but the status: 0 if there is such a line, 1 if not\n"
     "  -v  lines without it\n"
     "  -x  only whole lines\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::grep},
    {"head", "Shows the first lines", "[-n COUNT | -c COUNT] [FILE...]",
     "  -n COUNT  so many lines, if not 10\n"
     "  -c COUNT  so many bytes\n",
     builtin::head},
    {"help", "Tells what commands there are", "[COMMAND... | tour]",
     "`help tour` shows the way around, step by step.\n", builtin::help},
    {"hexdump", "Shows files byte by byte", "[-n COUNT] [FILE...]",
     "  -n COUNT  only so many bytes of each\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::hexdump},
    {"history", "Shows what was entered", "[COUNT]", "", builtin::history},
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
    {"ln", "Gives files further names", "[-fs] FILE... TARGET",
     "  -f  in place of what has the name\n"
     "  -s  a symbolic link\n",
     builtin::ln},
    {"local", "Gives a function variables of its own", "NAME[=VALUE]...", "", builtin::local, true},
    {"ls", "Lists directories", "[-al] [PATH...]",
     "  -a  also names that begin with a dot\n"
     "  -l  type, permissions, size and time, too\n",
     builtin::ls},
    {"lspci", "Lists the devices on the PCI bus", "", "", builtin::lspci},
    {"mem", "Tells how memory is used", "", "", builtin::mem},
    {"mkdir", "Makes directories", "[-p] DIRECTORY...",
     "  -p  those on the way, too; none of them is an error if it is there\n", builtin::mkdir},
    {"mount", "Lists the file systems and where they are", "", "", builtin::mount},
    {"mv", "Moves files", "FILE... TARGET", "", builtin::mv},
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
    {"rm", "Removes files", "[-fr] FILE...",
     "  -f  what is not there is no error\n"
     "  -r  directories, too, with all that is in them\n",
     builtin::rm},
    {"rmdir", "Removes empty directories", "DIRECTORY...", "", builtin::rmdir},
    {"run", "Runs a WebAssembly file", "FILE [ARGUMENT...]",
     "Programs in /bin run by their name alone.\n", builtin::run},
    {"screenshot", "Writes what is on the screen to a PNG file", "[-d SECONDS] [FILE]",
     "  -d SECONDS  waits before\n"
     "Without FILE it is screenshot-1.png, or the first such name that is free.\n",
     builtin::screenshot},
    {"seq", "Counts", "[FIRST [STEP]] LAST", "", builtin::seq},
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
    {"sleep", "Waits", "SECONDS", "SECONDS may have a fraction, or m, h or d behind it.\n",
     builtin::sleep},
    {"sort", "Sorts lines", "[-fnru] [-k FIELD] [-t CHARACTER] [FILE...]",
     "  -f  upper or lower case alike\n"
     "  -n  by numbers\n"
     "  -r  backwards\n"
     "  -u  of those that are alike only one\n"
     "  -k FIELD  from that field on\n"
     "  -t CHARACTER  what stands between fields\n",
     builtin::sort},
    {"stat", "Tells what is known about files", "[-L] FILE...",
     "  -L  about what a link leads to\n", builtin::stat},
    {"status", "Shows or hides the line below the terminal", "[on|off]",
     "Without an argument it tells which.\n", builtin::status_line},
    {"tail", "Shows the last lines", "[-n COUNT | -c COUNT] [FILE...]",
     "  -n COUNT  so many lines, if not 10\n"
     "  -c COUNT  so many bytes\n",
     builtin::tail},
    {"tar", "Makes, lists or unpacks an archive",
     "-c|-t|-x [-vz] [-f ARCHIVE] [-C DIRECTORY] [FILE...]",
     "  -c  makes one, of FILEs and all that is in them\n"
     "  -t  lists what is in one\n"
     "  -x  unpacks it\n"
     "  -f ARCHIVE  a file; - and none are the input, or the output\n"
     "  -z  compressed with gzip; to read one, it need not be said\n"
     "  -v  names what it does; with -t, all about it\n"
     "  -C DIRECTORY  from there, or to there\n"
     "  -X PATTERN  not what has such a path or name; --exclude=PATTERN is the same\n"
     "With -t and -x, FILEs are the members that are meant, with all below them. The first word "
     "needs "
     "no dash:\n"
     "tar xzf ARCHIVE. Nothing is unpacked to outside of the directory.\n",
     builtin::tar},
    {"tee", "Writes its input to files, too", "[-a] [FILE...]", "  -a  behind what is in them\n",
     builtin::tee},
    {"test", "Tells whether something is so", "EXPRESSION",
     "  -d -e -f -h -L -p -r -s -w -x FILE   a directory, there, a file, a link, not empty, ...\n"
     "  -n TEXT   -z TEXT                    not empty, empty\n"
     "  A = B   A != B   A < B   A > B       of texts\n"
     "  A -eq B   -ne -lt -le -gt -ge        of numbers\n"
     "  A -nt B   A -ot B   A -ef B          of files: newer, older, the same\n"
     "  ! A   A -a B   A -o B   ( A )\n",
     builtin::test},
    {"theme", "Shows or changes the colours of the screen", "[NAME]",
     "Without NAME it lists the themes; the one in use has a star.\n", builtin::theme},
    {"top", "Shows what programs use, again and again", "[-n COUNT]",
     "  -n COUNT  so many times instead of until Ctrl-C\n", builtin::top},
    {"touch", "Makes files, or sets their times to now", "[-c] FILE...", "  -c  makes none\n",
     builtin::touch},
    {"tr", "Replaces characters", "[-cds] SET [SET]",
     "  -c  those that are not in the first SET\n"
     "  -d  removes them\n"
     "  -s  of several alike only one\n"
     "SETs are such as a-z, \\n and [:digit:].\n",
     builtin::tr},
    {"trace", "Runs a program and tells what it calls of the system", "PROGRAM [ARGUMENT...]",
     "Each call is a line on the error stream: its arguments, its result, and what it gave.\n",
     builtin::trace},
    {"trap", "Sets what is run at the end of the shell", "[ACTION EXIT...]",
     "Without ACTION, or where it is -, nothing is. Other signals are remembered only.\n",
     builtin::trap, true},
    {"tree", "Shows what is below a directory", "[DIRECTORY]", "", builtin::tree},
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
    {"uniq", "Leaves out lines that come again", "[-cdu] [FILE...]",
     "  -c  with how often each comes\n"
     "  -d  only those that come again\n"
     "  -u  only those that do not\n",
     builtin::uniq},
    {"unset", "Removes variables or functions", "[-fv] NAME...",
     "  -f  functions\n"
     "  -v  variables; so it is without it\n",
     builtin::unset, true},
    {"uptime", "Tells how long the machine has been running", "", "", builtin::uptime},
    {"view", "Shows images: PNG, BMP and QOI", "FILE...",
     "Keys: n, Space next; p previous; + - zoom; 0 the whole; 1 as it is; arrows move; ? shows "
     "them;\n"
     "q, Escape quit.\n",
     builtin::view},
    {"wait", "Waits for what runs in the background", "[%JOB | ID...]", "", builtin::wait},
    {"wc", "Counts lines, words and bytes", "[-clw] [FILE...]",
     "  -c  only bytes\n"
     "  -l  only lines\n"
     "  -w  only words\n",
     builtin::wc},
};
static_assert(std::ranges::is_sorted(table, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> builtins() { return table; }

const Builtin* find_builtin(std::string_view name) {
  auto const found = std::ranges::lower_bound(table, name, {}, &Builtin::name);
  return found != std::end(table) && found->name == name ? found : nullptr;
}

}  // namespace nacre::shell
