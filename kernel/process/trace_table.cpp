#include "kernel/process/trace_table.hpp"

#include <algorithm>
#include <array>

namespace nacre::process {
namespace {

constexpr std::string_view wasi = "wasi_snapshot_preview1";
constexpr std::string_view unstable = "wasi_unstable";

// [wasi/preview1: "Functions"], and docs/game-abi.md.
constexpr std::array functions = std::to_array<TracedFunction>({
    {wasi, "args_get", "xx", 'e'},
    {wasi, "args_sizes_get", "oo", 'e'},
    {wasi, "environ_get", "xx", 'e'},
    {wasi, "environ_sizes_get", "oo", 'e'},
    {wasi, "clock_res_get", "nO", 'e'},
    {wasi, "clock_time_get", "nlO", 'e'},
    {wasi, "fd_advise", "nlln", 'e'},
    {wasi, "fd_allocate", "nll", 'e'},
    {wasi, "fd_close", "n", 'e'},
    {wasi, "fd_datasync", "n", 'e'},
    {wasi, "fd_fdstat_get", "nx", 'e'},
    {wasi, "fd_fdstat_set_flags", "nx", 'e'},
    {wasi, "fd_fdstat_set_rights", "nXX", 'e'},
    {wasi, "fd_filestat_get", "nx", 'e'},
    {wasi, "fd_filestat_set_size", "nl", 'e'},
    {wasi, "fd_filestat_set_times", "nllx", 'e'},
    {wasi, "fd_pread", "nvlo", 'e'},
    {wasi, "fd_prestat_get", "nx", 'e'},
    {wasi, "fd_prestat_dir_name", "nxn", 'e'},
    {wasi, "fd_pwrite", "nvlo", 'e'},
    {wasi, "fd_read", "nvo", 'e'},
    {wasi, "fd_readdir", "nxnlo", 'e'},
    {wasi, "fd_renumber", "nn", 'e'},
    {wasi, "fd_seek", "nlnO", 'e'},
    {wasi, "fd_sync", "n", 'e'},
    {wasi, "fd_tell", "nO", 'e'},
    {wasi, "fd_write", "nvo", 'e'},
    {wasi, "path_create_directory", "ns", 'e'},
    {wasi, "path_filestat_get", "nxsx", 'e'},
    {wasi, "path_filestat_set_times", "nxsllx", 'e'},
    {wasi, "path_link", "nxsns", 'e'},
    {wasi, "path_open", "nxsxXXxo", 'e'},
    {wasi, "path_readlink", "nsxno", 'e'},
    {wasi, "path_remove_directory", "ns", 'e'},
    {wasi, "path_rename", "nsns", 'e'},
    {wasi, "path_symlink", "sns", 'e'},
    {wasi, "path_unlink_file", "ns", 'e'},
    {wasi, "poll_oneoff", "xxno", 'e'},
    {wasi, "proc_exit", "n", '-'},
    {wasi, "proc_raise", "n", 'e'},
    {wasi, "sched_yield", "", 'e'},
    {wasi, "random_get", "xn", 'e'},
    {wasi, "sock_accept", "nxo", 'e'},
    {wasi, "sock_recv", "nvxoo", 'e'},
    {wasi, "sock_send", "nvxo", 'e'},
    {wasi, "sock_shutdown", "nx", 'e'},
    {"env", "screen_width", "", 'n'},
    {"env", "screen_height", "", 'n'},
    {"env", "character_width", "", 'n'},
    {"env", "character_height", "", 'n'},
    {"env", "put_pixel", "ddddd", '-'},
    {"env", "clear_screen", "ddd", '-'},
    {"env", "fill_rect", "ddddddd", '-'},
    {"env", "blit", "ddddxd", '-'},
    {"env", "blit_scaled", "ddddxdd", '-'},
    {"env", "draw_text", "ddsdddd", '-'},
    {"env", "next_frame", "", 'n'},
    {"env", "key_state", "n", 'n'},
    {"env", "next_key", "x", 'n'},
    {"env", "time_ns", "", 'l'},
    {"env", "random", "", 'n'},
    {"env", "beep", "dd", '-'},
});

// In the order of their numbers. [wasi/preview1: "errno"]
constexpr std::array<std::string_view, 77> errnos{
    "success",     "2big",           "acces",       "addrinuse",   "addrnotavail",
    "afnosupport", "again",          "already",     "badf",        "badmsg",
    "busy",        "canceled",       "child",       "connaborted", "connrefused",
    "connreset",   "deadlk",         "destaddrreq", "dom",         "dquot",
    "exist",       "fault",          "fbig",        "hostunreach", "idrm",
    "ilseq",       "inprogress",     "intr",        "inval",       "io",
    "isconn",      "isdir",          "loop",        "mfile",       "mlink",
    "msgsize",     "multihop",       "nametoolong", "netdown",     "netreset",
    "netunreach",  "nfile",          "nobufs",      "nodev",       "noent",
    "noexec",      "nolck",          "nolink",      "nomem",       "nomsg",
    "noprotoopt",  "nospc",          "nosys",       "notconn",     "notdir",
    "notempty",    "notrecoverable", "notsock",     "notsup",      "notty",
    "nxio",        "overflow",       "ownerdead",   "perm",        "pipe",
    "proto",       "protonosupport", "prototype",   "range",       "rofs",
    "spipe",       "srch",           "stale",       "timedout",    "txtbsy",
    "xdev",        "notcapable"};
static_assert(errnos[8] == "badf" && errnos[28] == "inval" && errnos[44] == "noent" &&
              errnos[52] == "nosys" && errnos[70] == "spipe" && errnos[76] == "notcapable");

}  // namespace

const TracedFunction* find_traced(std::string_view module, std::string_view name) {
  // The older interface has the same functions, as far as it has them.
  if (module == unstable) module = wasi;
  auto const found = std::ranges::find_if(functions, [&](const TracedFunction& function) {
    return function.module == module && function.name == name;
  });
  return found == functions.end() ? nullptr : &*found;
}

std::string_view errno_name(unsigned number) {
  return number < errnos.size() ? errnos[number] : std::string_view();
}

}  // namespace nacre::process
