/* What programs take for granted of POSIX and WASI does not have: included in front of every source
 * file of a port. There is one user, 0, who owns all files and may do everything with them; there
 * are neither locks of files nor commands of a shell to be run. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Locks: fcntl answers EINVAL. */
#ifndef F_GETLK
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#endif
#ifndef F_RDLCK
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#endif

#ifndef L_tmpnam
#define L_tmpnam 20
#endif

/* 0: all bits of a file's mode are as good as any. */
int chmod(const char* path, mode_t mode);
int fchmod(int descriptor, mode_t mode);
int chown(const char* path, uid_t owner, gid_t group);
int fchown(int descriptor, uid_t owner, gid_t group);
mode_t umask(mode_t mask);

uid_t getuid(void);
uid_t geteuid(void);

/* A new file whose name has letters of its own in the place of the six X at the end of `name`; -1
 * with errno, which is EINVAL if there are no six X. */
int mkstemp(char* name);
/* A new file in /tmp, for reading and writing, that is gone when it is closed; NULL with errno. */
FILE* tmpfile(void);
/* A name in /tmp that no file has. Null is for a buffer of its own. */
char* tmpnam(char* buffer);

/* The path itself, if there is something at its end; links in it stay. A null `resolved` is for a
 * new string, for free; else it has PATH_MAX bytes. NULL with errno. */
char* realpath(const char* path, char* resolved);

/* -1 with ENOSYS; 0, for "there is no shell", if `command` is null. */
int system(const char* command);

#ifdef __cplusplus
}
#endif
