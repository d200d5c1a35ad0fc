#pragma once

#include "kernel/shell/builtin.hpp"

/// The functions behind the table in `table.cpp`.
namespace nacre::shell::builtin {

// basics.cpp
exec::Task<fs::Result<int>> clear(Invocation& call);
exec::Task<fs::Result<int>> echo(Invocation& call);
exec::Task<fs::Result<int>> run(Invocation& call);
exec::Task<fs::Result<int>> trace(Invocation& call);
exec::Task<fs::Result<int>> yes(Invocation& call);

// flow.cpp
exec::Task<fs::Result<int>> break_(Invocation& call);
exec::Task<fs::Result<int>> colon(Invocation& call);
exec::Task<fs::Result<int>> continue_(Invocation& call);
exec::Task<fs::Result<int>> exit(Invocation& call);
exec::Task<fs::Result<int>> false_(Invocation& call);
exec::Task<fs::Result<int>> return_(Invocation& call);
exec::Task<fs::Result<int>> true_(Invocation& call);

// variables.cpp
exec::Task<fs::Result<int>> alias(Invocation& call);
exec::Task<fs::Result<int>> export_(Invocation& call);
exec::Task<fs::Result<int>> local(Invocation& call);
exec::Task<fs::Result<int>> readonly(Invocation& call);
exec::Task<fs::Result<int>> set(Invocation& call);
exec::Task<fs::Result<int>> shift(Invocation& call);
exec::Task<fs::Result<int>> unalias(Invocation& call);
exec::Task<fs::Result<int>> unset(Invocation& call);

// commands.cpp
exec::Task<fs::Result<int>> command(Invocation& call);
exec::Task<fs::Result<int>> dot(Invocation& call);
exec::Task<fs::Result<int>> eval(Invocation& call);
exec::Task<fs::Result<int>> exec_(Invocation& call);
exec::Task<fs::Result<int>> hash(Invocation& call);
exec::Task<fs::Result<int>> sh(Invocation& call);
exec::Task<fs::Result<int>> time(Invocation& call);
exec::Task<fs::Result<int>> type(Invocation& call);

// signals.cpp
exec::Task<fs::Result<int>> kill(Invocation& call);
exec::Task<fs::Result<int>> trap(Invocation& call);
exec::Task<fs::Result<int>> wait(Invocation& call);

// fc.cpp
exec::Task<fs::Result<int>> fc(Invocation& call);

// mode.cpp
exec::Task<fs::Result<int>> chmod(Invocation& call);
exec::Task<fs::Result<int>> umask(Invocation& call);

// getopts.cpp
exec::Task<fs::Result<int>> getopts(Invocation& call);

// printf.cpp
exec::Task<fs::Result<int>> printf(Invocation& call);

// read.cpp
exec::Task<fs::Result<int>> read(Invocation& call);

// test.cpp
exec::Task<fs::Result<int>> test(Invocation& call);

// consoles.cpp
exec::Task<fs::Result<int>> keymap(Invocation& call);
exec::Task<fs::Result<int>> status_line(Invocation& call);
exec::Task<fs::Result<int>> theme(Invocation& call);

// directory.cpp
exec::Task<fs::Result<int>> cd(Invocation& call);
exec::Task<fs::Result<int>> pwd(Invocation& call);

// jobs.cpp
exec::Task<fs::Result<int>> bg(Invocation& call);
exec::Task<fs::Result<int>> fg(Invocation& call);
exec::Task<fs::Result<int>> jobs(Invocation& call);
exec::Task<fs::Result<int>> ulimit(Invocation& call);

// less.cpp
exec::Task<fs::Result<int>> less(Invocation& call);

// list.cpp
exec::Task<fs::Result<int>> ls(Invocation& call);

// cat.cpp
exec::Task<fs::Result<int>> cat(Invocation& call);

// hexdump.cpp
exec::Task<fs::Result<int>> hexdump(Invocation& call);

// files.cpp
exec::Task<fs::Result<int>> cp(Invocation& call);
exec::Task<fs::Result<int>> ln(Invocation& call);
exec::Task<fs::Result<int>> mkdir(Invocation& call);
exec::Task<fs::Result<int>> mv(Invocation& call);
exec::Task<fs::Result<int>> rm(Invocation& call);
exec::Task<fs::Result<int>> rmdir(Invocation& call);
exec::Task<fs::Result<int>> touch(Invocation& call);

// lines.cpp
exec::Task<fs::Result<int>> cut(Invocation& call);
exec::Task<fs::Result<int>> tee(Invocation& call);
exec::Task<fs::Result<int>> tr(Invocation& call);
exec::Task<fs::Result<int>> uniq(Invocation& call);
exec::Task<fs::Result<int>> wc(Invocation& call);

// trees.cpp
exec::Task<fs::Result<int>> du(Invocation& call);
exec::Task<fs::Result<int>> stat(Invocation& call);
exec::Task<fs::Result<int>> tree(Invocation& call);

// ends.cpp
exec::Task<fs::Result<int>> head(Invocation& call);
exec::Task<fs::Result<int>> tac(Invocation& call);
exec::Task<fs::Result<int>> tail(Invocation& call);

// seq.cpp
exec::Task<fs::Result<int>> seq(Invocation& call);

// sort.cpp
exec::Task<fs::Result<int>> sort(Invocation& call);

// find.cpp
exec::Task<fs::Result<int>> find(Invocation& call);

// names.cpp
exec::Task<fs::Result<int>> basename(Invocation& call);
exec::Task<fs::Result<int>> dirname(Invocation& call);
exec::Task<fs::Result<int>> which(Invocation& call);

// xargs.cpp
exec::Task<fs::Result<int>> xargs(Invocation& call);

// cmp.cpp
exec::Task<fs::Result<int>> cmp(Invocation& call);

// surroundings.cpp
exec::Task<fs::Result<int>> date(Invocation& call);
exec::Task<fs::Result<int>> env(Invocation& call);
exec::Task<fs::Result<int>> history(Invocation& call);
exec::Task<fs::Result<int>> sleep(Invocation& call);
exec::Task<fs::Result<int>> times(Invocation& call);

// mounts.cpp
exec::Task<fs::Result<int>> df(Invocation& call);
exec::Task<fs::Result<int>> mount(Invocation& call);

// machine.cpp
exec::Task<fs::Result<int>> dmesg(Invocation& call);
exec::Task<fs::Result<int>> lspci(Invocation& call);
exec::Task<fs::Result<int>> mem(Invocation& call);
exec::Task<fs::Result<int>> poweroff(Invocation& call);
exec::Task<fs::Result<int>> ps(Invocation& call);
exec::Task<fs::Result<int>> reboot(Invocation& call);
exec::Task<fs::Result<int>> uptime(Invocation& call);

// grep.cpp
exec::Task<fs::Result<int>> grep(Invocation& call);

// help.cpp
exec::Task<fs::Result<int>> help(Invocation& call);

// hardware.cpp
exec::Task<fs::Result<int>> acpi(Invocation& call);
exec::Task<fs::Result<int>> cpuid(Invocation& call);

// tar.cpp
exec::Task<fs::Result<int>> tar(Invocation& call);

// screenshot.cpp
exec::Task<fs::Result<int>> screenshot(Invocation& call);

// view.cpp
exec::Task<fs::Result<int>> view(Invocation& call);

// top.cpp
exec::Task<fs::Result<int>> top(Invocation& call);

}  // namespace nacre::shell::builtin
