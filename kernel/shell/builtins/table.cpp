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
    {"basename", "Tells the last name of a path", "PATH [SUFFIX]",
     "Without SUFFIX, if it ends in that.\n", builtin::basename},
    {"bg", "Lets a stopped job go on in the background", "[%JOB]", "", builtin::bg},
    {"break", "Leaves loops", "[COUNT]", "", builtin::break_, true},
    {"cat", "Shows the contents of files", "[-AbeEnstTuv] [FILE...]",
     "  -A  as -v, -E and -T\n"
     "  -b  with the numbers of lines that are not empty\n"
     "  -e  as -v and -E\n"
     "  -E  with $ at the ends of lines\n"
     "  -n  with the numbers of lines\n"
     "  -s  one of empty lines behind each other\n"
     "  -t  as -v and -T\n"
     "  -T  tabs as ^I\n"
     "  -u  at once, as without it\n"
     "  -v  control characters as ^X, what is no ASCII as M-X\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::cat},
    {"cd", "Changes the directory", "[-LP] [DIRECTORY]",
     "  -L  .. is the directory before, also behind a symbolic link; so it is without it\n"
     "  -P  .. is the directory above\n"
     "Without DIRECTORY it goes to $HOME; - is where it was before.\n",
     builtin::cd},
    {"chmod", "Changes the permissions of files", "[-R] MODE FILE...",
     "  -R  of what is in directories, too\n"
     "MODE is octal digits, or who (ugoa), + - or =, and what (rwxXst), with commas between:\n"
     "u=rwx,go-w. Nothing checks them: there is one user.\n",
     builtin::chmod},
    {"clear", "Clears the screen", "", "", builtin::clear},
    {"cmp", "Compares two files byte by byte", "[-ls] FILE FILE",
     "  -l  shows all bytes that differ, not only where the first is\n"
     "  -s  says nothing: 0 if they are the same, 1 if not\n"
     "One of them may be -, the input.\n",
     builtin::cmp},
    {"command", "Runs a command that is no function, or tells what it is",
     "[-vV] NAME [ARGUMENT...]",
     "  -p  runs one that the system brings, whatever PATH is\n"
     "  -v  only what NAME means\n"
     "  -V  the same in words\n",
     builtin::command},
    {"continue", "Begins the next round of a loop", "[COUNT]", "", builtin::continue_, true},
    {"cp", "Copies files", "[-afinpRrv] FILE... TARGET",
     "  -a  directories and links as they are, with -p\n"
     "  -f  in place of what cannot be written\n"
     "  -i  asks before it writes over what is there\n"
     "  -n  writes over nothing\n"
     "  -p  with the times and permissions\n"
     "  -R  directories, too, with all that is in them\n"
     "  -r  the same\n"
     "  -v  tells what it does\n",
     builtin::cp},
    {"cpuid", "Shows what the processor is and what it has", "[-r]",
     "  -r  the numbers that it gives itself, leaf by leaf\n"
     "What has a star the kernel uses; what is in brackets it would use if it were there.\n",
     builtin::cpuid},
    {"cut", "Shows parts of lines", "-b LIST | -c LIST | -f LIST [-d CHARACTER] [-s] [FILE...]",
     "  -b LIST  bytes: 1,3-5 or 7-\n"
     "  -c LIST  characters\n"
     "  -f LIST  fields\n"
     "  -d CHARACTER  what stands between fields, if not a tab\n"
     "  -s  no lines without it\n",
     builtin::cut},
    {"date", "Tells the time", "[-u] [-d TIME] [+FORMAT]",
     "  -d TIME  that one instead of now: 2024-02-29, 2024-02-29 12:30:15 or @SECONDS\n"
     "  -u  in UTC, as always\n"
     "In FORMAT, %Y %m %d %H %M %S %j %s %a %A %b %B %F %T stand for parts of it. The clock of "
     "the\n"
     "machine cannot be set.\n",
     builtin::date},
    {"df", "Tells how much room there is in the file systems", "[-hk]",
     "  -h  for people\n"
     "  -k  in KiB, as without it\n",
     builtin::df},
    {"dirname", "Tells what a path is in", "PATH...", "", builtin::dirname},
    {"dmesg", "Shows the kernel's log", "", "", builtin::dmesg},
    {"du", "Tells how large directories are, in KiB", "[-ahks] [PATH...]",
     "  -a  files, too\n"
     "  -h  for people\n"
     "  -k  in KiB, as without it\n"
     "  -s  only each PATH as a whole\n",
     builtin::du},
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
    {"fc", "Runs or shows again what was entered",
     "[-r] [-e EDITOR] [FIRST [LAST]] | -l [-nr] [FIRST [LAST]] | -s [OLD=NEW] [FIRST]",
     "  -e EDITOR  changes it with EDITOR before; without it, with what FCEDIT names\n"
     "  -l  shows it\n"
     "  -n  without numbers\n"
     "  -r  the last first\n"
     "  -s  as it was, or with NEW in place of OLD\n"
     "FIRST and LAST are numbers, how many lines ago (-2), or what a line begins with.\n",
     builtin::fc},
    {"fg", "Brings a job to the foreground", "[%JOB]", "", builtin::fg},
    {"find", "Finds files below directories", "[PATH...] [EXPRESSION]",
     "  -name PATTERN  -iname PATTERN  -path PATTERN   by the last name, or the whole path\n"
     "  -type f|d|l|c  -empty  -newer FILE             by what it is\n"
     "  -size [+-]COUNT[ckMG]                          more, less or as much\n"
     "  -mtime [+-]DAYS  -mmin [+-]MINUTES             how long ago it was changed\n"
     "  -maxdepth COUNT  -mindepth COUNT  -depth       how deep, what is inside first\n"
     "  -print  -print0  -delete  -prune  -quit        what is done: -print without another\n"
     "  -exec COMMAND... {} \\;  -exec COMMAND... {} +  runs it for each, or for many\n"
     "  -ok COMMAND... {} \\;                           the same for each, if one says y\n"
     "  ! A   A -a B   A -o B   ( A )\n",
     builtin::find},
    {"getopts", "Takes options apart", "LETTERS NAME [ARGUMENT...]", "", builtin::getopts},
    {"grep", "Finds lines",
     "[-EFcHhiLlnoqrsvwx] [-ABC COUNT] [-m COUNT] [-e PATTERN | -f FILE | PATTERN] [FILE...]",
     "  -A COUNT  so many lines behind each, too\n"
     "  -B COUNT  so many lines before each\n"
     "  -C COUNT  both\n"
     "  -E  PATTERN is an extended regular expression, not a basic one\n"
     "  -F  PATTERN is a text as it is\n"
     "  -H  with the name of the file\n"
     "  -L  only the names of files that have no such lines\n"
     "  -c  only how many lines\n"
     "  -e PATTERN  the same as PATTERN, which may begin with a dash; any of several\n"
     "  -f FILE  a pattern in each line of it\n"
     "  -h  without names of files\n"
     "  -i  upper or lower case alike\n"
     "  -l  only the names of files that have such lines\n"
     "  -m COUNT  so many lines of each file at most\n"
     "  -n  with the number of each line\n"
     "  -o  only what was found in each line\n"
     "  -q  nothing but the status: 0 if there is such a line, 1 if not\n"
     "  -r  files in directories, too\n"
     "  -s  says nothing of files that cannot be read\n"
     "  -v  lines without it\n"
     "  -w  only whole words\n"
     "  -x  only whole lines\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::grep},
    {"hash", "Looks up where programs are", "[-r] [NAME...]",
     "  -r  forgets where they were: nothing is remembered, they are looked up each time\n",
     builtin::hash},
    {"head", "Shows the first lines", "[-n COUNT | -c COUNT | -COUNT] [-qv] [FILE...]",
     "  -n COUNT  so many lines, if not 10; with - before it, all but so many\n"
     "  -c COUNT  so many bytes; with - before it, all but so many\n"
     "  -COUNT  the same as -n COUNT\n"
     "  -q  never with names of files\n"
     "  -v  always with them\n",
     builtin::head},
    {"help", "Tells what commands there are", "[-a] [COMMAND... | tour]",
     "  -a  a line about each\n"
     "help tour shows the way around, step by step.\n",
     builtin::help},
    {"hexdump", "Shows files byte by byte", "[-C] [-n COUNT] [-s COUNT] [FILE...]",
     "  -C  as without it: in hexadecimal, and as text\n"
     "  -n COUNT  only so many bytes of each\n"
     "  -s COUNT  without so many bytes at the start\n"
     "Without FILE, or where FILE is -, it reads its input.\n",
     builtin::hexdump},
    {"history", "Shows what was entered", "[-c] [COUNT]", "  -c  forgets it\n", builtin::history},
    {"jobs", "Lists what runs in the background or is stopped", "", "", builtin::jobs},
    {"keymap", "Shows or changes what the keys write", "[NAME|FILE]",
     "Without an argument it lists the layouts; the one in use has a star.\n"
     "FILE has a slash in it, and says: layout NAME, then in each line a key and what it writes\n"
     "alone, with Shift, with AltGr and with both.\n",
     builtin::keymap},
    {"kill", "Sends signals to programs, jobs and shells",
     "[-SIGNAL | -s SIGNAL] PROCESS|%JOB... | -l [STATUS...]",
     "  -s SIGNAL  a name or a number; TERM without it\n"
     "  -l  lists the signals, or names the one that STATUS comes from\n"
     "STOP and TSTP stop, CONT continues, CHLD and WINCH do nothing, 0 only looks whether it is\n"
     "there, all others end what does not trap them. PROCESS is as ps shows it, $$ or $!.\n",
     builtin::kill},
    {"less", "Shows texts page by page; its key h tells of the others",
     "[-FiNS] [-p PATTERN] [FILE...]",
     "  -F  leaves what fits on the screen there, and ends\n"
     "  -i  patterns find capitals and small letters alike\n"
     "  -N  with the numbers of the lines\n"
     "  -p PATTERN  from the first line on that the extended regular expression matches\n"
     "  -S  chops lines that are too long, which the cursor keys scroll\n",
     builtin::less},
    {"ln", "Gives files further names", "[-fsv] FILE... TARGET",
     "  -f  in place of what has the name\n"
     "  -s  a symbolic link\n"
     "  -v  tells what it does\n",
     builtin::ln},
    {"local", "Gives a function variables of its own", "NAME[=VALUE]...", "", builtin::local, true},
    {"ls", "Lists directories", "[-1aAdFhilprRSt] [PATH...]",
     "  -1  one name in each row, also on a terminal\n"
     "  -a  also names that begin with a dot\n"
     "  -A  the same but for . and ..\n"
     "  -d  directories themselves, not what is in them\n"
     "  -F  with / behind directories, @ behind links and * behind what can be run\n"
     "  -h  with -l: sizes for people\n"
     "  -i  with the number of each file\n"
     "  -l  type, permissions, size and time, too\n"
     "  -p  with / behind directories\n"
     "  -r  backwards\n"
     "  -R  what is in directories in there, too\n"
     "  -S  the largest first\n"
     "  -t  what was changed last first\n",
     builtin::ls},
    {"lspci", "Lists the devices on the PCI bus", "", "", builtin::lspci},
    {"mem", "Tells how memory is used", "", "", builtin::mem},
    {"mkdir", "Makes directories", "[-pv] [-m MODE] DIRECTORY...",
     "  -m MODE  with these permissions, as for chmod\n"
     "  -p  those on the way, too; none of them is an error if it is there\n"
     "  -v  tells what it does\n",
     builtin::mkdir},
    {"mount", "Lists the file systems and where they are", "", "", builtin::mount},
    {"mv", "Moves files", "[-finv] FILE... TARGET",
     "  -f  does not ask\n"
     "  -i  asks before it writes over what is there\n"
     "  -n  writes over nothing\n"
     "  -v  tells what it does\n",
     builtin::mv},
    {"poweroff", "Switches the machine off", "[STATUS]",
     "STATUS is given to who started a virtual machine.\n", builtin::poweroff},
    {"printf", "Writes text by a pattern", "FORMAT [ARGUMENT...]", "", builtin::printf},
    {"ps", "Lists the programs", "[-Aeft]",
     "  -A  all, and all about them, as without it; so do -e and -f\n"
     "  -e  the same\n"
     "  -f  the same\n"
     "  -t  the kernel's tasks instead\n",
     builtin::ps},
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
    {"rm", "Removes files", "[-dfiRrv] FILE...",
     "  -d  empty directories, too\n"
     "  -f  what is not there is no error\n"
     "  -i  asks before each\n"
     "  -R  directories, too, with all that is in them\n"
     "  -r  the same\n"
     "  -v  tells what it does\n",
     builtin::rm},
    {"rmdir", "Removes empty directories", "[-p] DIRECTORY...",
     "  -p  then those above in its path, too\n", builtin::rmdir},
    {"run", "Runs a WebAssembly file", "FILE [ARGUMENT...]",
     "Programs in /bin run by their name alone.\n", builtin::run},
    {"screenshot", "Writes what is on the screen to a PNG file", "[-d SECONDS] [FILE]",
     "  -d SECONDS  waits before\n"
     "Without FILE it is screenshot-1.png, or the first such name that is free.\n",
     builtin::screenshot},
    {"seq", "Counts", "[-w] [-s TEXT] [FIRST [STEP]] LAST",
     "  -s TEXT  what stands between the numbers, if not a line feed\n"
     "  -w  with zeros, so that all are as wide\n"
     "Numbers may have up to nine digits behind a point.\n",
     builtin::seq},
    {"set", "Sets options and arguments of the shell",
     "[-+abCefhmnuvx] [-+o NAME] [--] [ARGUMENT...]",
     "  -a  what is assigned is exported\n"
     "  -b  jobs that end are told of at once: here, before the next prompt\n"
     "  -C  > does not empty files that are there\n"
     "  -e  what fails ends the shell\n"
     "  -f  patterns are no paths\n"
     "  -h  programs are looked up early: here, when they are run\n"
     "  -m  jobs can be stopped: here, always where there is a terminal\n"
     "  -n  commands are only read\n"
     "  -u  variables must be set\n"
     "  -v  shows what is read\n"
     "  -x  shows what is run\n"
     "  -o  by their names; without NAME, it lists them\n",
     builtin::set, true},
    {"sh", "Runs a script", "[-abCefhmnuvx] [-s | -c TEXT [NAME] | FILE] [ARGUMENT...]",
     "  -c  TEXT is the script\n"
     "  -s  the script is its input; so it is without FILE\n"
     "Other options are those of set.\n",
     builtin::sh},
    {"shift", "Drops the first arguments", "[COUNT]", "", builtin::shift, true},
    {"sleep", "Waits", "SECONDS", "SECONDS may have a fraction, or m, h or d behind it.\n",
     builtin::sleep},
    {"sort", "Sorts lines", "[-bCcdfhimnrsu] [-k KEY] [-o FILE] [-t CHARACTER] [FILE...]",
     "  -b  blanks in front do not count\n"
     "  -C  only looks whether they are sorted, and says nothing\n"
     "  -c  the same, and tells which line is not\n"
     "  -d  only letters, digits and blanks count\n"
     "  -f  upper or lower case alike\n"
     "  -h  by numbers with K, M, G behind them\n"
     "  -i  only what prints counts\n"
     "  -k KEY  by fields: FIRST[.CHARACTER][LETTERS][,LAST[.CHARACTER]]; by several in turn\n"
     "  -m  of files that are sorted: as without it\n"
     "  -n  by numbers\n"
     "  -o FILE  writes there, which may be one that it reads\n"
     "  -r  backwards\n"
     "  -s  what is alike stays in order\n"
     "  -t CHARACTER  what stands between fields\n"
     "  -u  of those that are alike only one\n",
     builtin::sort},
    {"stat", "Tells what is known about files", "[-L] [-c FORMAT] FILE...",
     "  -L  about what a link leads to\n"
     "  -c FORMAT  in it, %n %s %a %A %F %h %i %u %g %X %Y %Z stand for name, size, mode, type, "
     "...\n",
     builtin::stat},
    {"status", "Shows or hides the line below the terminal", "[on|off]",
     "Without an argument it tells which.\n", builtin::status_line},
    {"tac", "Shows the last line first", "[FILE...]", "", builtin::tac},
    {"tail", "Shows the last lines", "[-f] [-n COUNT | -c COUNT | -COUNT] [-qv] [FILE...]",
     "  -f  goes on with what comes later\n"
     "  -n COUNT  so many lines, if not 10; with + before it, from that line on\n"
     "  -c COUNT  so many bytes; with + before it, from that byte on\n"
     "  -COUNT  the same as -n COUNT\n"
     "  -q  never with names of files\n"
     "  -v  always with them\n",
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
    {"time", "Tells how long a command takes", "[-p] COMMAND [ARGUMENT...]",
     "  -p  in seconds with two digits behind the point, as POSIX wants it\n"
     "real is by the clock, user what programs computed. It is a word of the language, too, and\n"
     "takes the time of whole pipelines and of what stands in braces: time seq 9 | wc.\n",
     builtin::time},
    {"times", "Tells how long the shell and its programs have run", "", "", builtin::times, true},
    {"top", "Shows what programs use, again and again", "[-d SECONDS] [-n COUNT]",
     "  -d SECONDS  waits so long between two looks, if not 2\n"
     "  -n COUNT  so many times instead of until Ctrl-C\n",
     builtin::top},
    {"touch", "Makes files, or sets their times", "[-acm] [-d TIME | -r FILE | -t STAMP] FILE...",
     "  -a  only when it was read\n"
     "  -c  makes none\n"
     "  -d TIME  instead of now: 2024-02-29, 2024-02-29 12:30:15 or @SECONDS\n"
     "  -m  only when it was changed\n"
     "  -r FILE  the times of that one\n"
     "  -t STAMP  [[CC]YY]MMDDhhmm[.SS]\n",
     builtin::touch},
    {"tr", "Replaces or removes characters", "[-cCds] SET [SET]",
     "  -C  all that are not in the first SET\n"
     "  -c  the same\n"
     "  -d  removes them\n"
     "  -s  of several that are alike leaves one\n"
     "A SET has characters, a-z, [:digit:] and the like, \\n and \\012; the second one also "
     "[x*3],\n"
     "or [x*] for as many as are missing.\n",
     builtin::tr},
    {"trace", "Runs a program and tells what it calls of the system", "PROGRAM [ARGUMENT...]",
     "Each call is a line on the error stream: its arguments, its result, and what it gave.\n",
     builtin::trace},
    {"trap", "Sets what is run when signals come, or at the end of the shell",
     "[ACTION SIGNAL|EXIT...]",
     "An empty ACTION ignores them; where it is missing or -, they do what they always do.\n"
     "Without arguments it lists what is set. Signals are those of kill -l.\n",
     builtin::trap, true},
    {"tree", "Shows what is below a directory", "[-ad] [-L COUNT] [DIRECTORY...]",
     "  -L COUNT  only so deep\n"
     "  -a  also names that begin with a dot\n"
     "  -d  only directories\n",
     builtin::tree},
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
    {"umask", "Shows or sets what files may not when they are made", "[-S] [MASK]",
     "  -S  in letters, and what they may\n"
     "MASK is octal digits, or letters as those of chmod, which say what files may.\n",
     builtin::umask},
    {"unalias", "Removes aliases", "[-a] [NAME...]", "  -a  all of them\n", builtin::unalias},
    {"uniq", "Leaves out lines that come again", "[-cdiu] [-f COUNT] [-s COUNT] [INPUT [OUTPUT]]",
     "  -c  with how often each comes\n"
     "  -d  only those that come again\n"
     "  -f COUNT  without so many fields in front\n"
     "  -i  upper or lower case alike\n"
     "  -s COUNT  without so many characters in front\n"
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
    {"wc", "Counts lines, words and bytes", "[-Lclmw] [FILE...]",
     "  -L  only how long the longest line is\n"
     "  -c  only bytes\n"
     "  -l  only lines\n"
     "  -m  only characters\n"
     "  -w  only words\n",
     builtin::wc},
    {"which", "Tells where programs are", "NAME...", "", builtin::which},
    {"xargs", "Runs a command with the words of its input",
     "[-0r] [-n COUNT | -I MARK] [COMMAND...]",
     "  -0  words end with a NUL, and nothing is quoted\n"
     "  -I MARK  one line at a time, wherever MARK is in the command\n"
     "  -n COUNT  so many words at a time\n"
     "  -r  runs nothing if there are none\n"
     "Without COMMAND it is echo.\n",
     builtin::xargs},
    {"yes", "Writes the same again and again", "[TEXT...]", "", builtin::yes},
};
static_assert(std::ranges::is_sorted(table, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> builtins() { return table; }

const Builtin* find_builtin(std::string_view name) {
  auto const found = std::ranges::lower_bound(table, name, {}, &Builtin::name);
  return found != std::end(table) && found->name == name ? found : nullptr;
}

}  // namespace nacre::shell
