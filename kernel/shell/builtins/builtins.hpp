#pragma once

#include "kernel/shell/builtin.hpp"

/// The functions behind the table in `table.cpp`.
namespace nacre::shell::builtin {

// basics.cpp
exec::Task<fs::Result<int>> clear(Invocation& call);
exec::Task<fs::Result<int>> echo(Invocation& call);
exec::Task<fs::Result<int>> exit(Invocation& call);
exec::Task<fs::Result<int>> false_(Invocation& call);
exec::Task<fs::Result<int>> help(Invocation& call);
exec::Task<fs::Result<int>> run(Invocation& call);
exec::Task<fs::Result<int>> trace(Invocation& call);
exec::Task<fs::Result<int>> true_(Invocation& call);

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
exec::Task<fs::Result<int>> kill(Invocation& call);
exec::Task<fs::Result<int>> ulimit(Invocation& call);

// list.cpp
exec::Task<fs::Result<int>> ls(Invocation& call);

// contents.cpp
exec::Task<fs::Result<int>> cat(Invocation& call);
exec::Task<fs::Result<int>> hexdump(Invocation& call);

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

// top.cpp
exec::Task<fs::Result<int>> top(Invocation& call);

}  // namespace nacre::shell::builtin
