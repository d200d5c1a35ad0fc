/* WASI has no locks of files, without which SQLite's usual way to a file does not begin: its way
 * without them is the default instead. Programs that write one database at a time are safe. */
typedef struct sqlite3_vfs sqlite3_vfs;

sqlite3_vfs* sqlite3_vfs_find(const char* name);
int sqlite3_vfs_register(sqlite3_vfs* vfs, int make_default);

/* At the end of sqlite3_initialize: SQLITE_EXTRA_INIT names it. Returns SQLite's status. */
int choose_vfs(const char* unused);
int choose_vfs(const char* unused) {
  (void)unused;
  return sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), 1);
}
