/* Stands between a process and the system's calls that reach a disk or a server, for tests/trust/shim.py.

   Once armed it counts those calls, as far as they are about files below a folder or about a socket. It can kill the
   process at the n-th: before it, half-way through what it writes, or after it. It can write down each call as a record:
   a head of five numbers, then two texts. A sync that is written down is not done, to save time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BEFORE, HALF, AFTER };
#define REAL(name) ({ static void *found; if (!found) found = dlsym(RTLD_NEXT, #name); (__typeof__(&name))found; })

static pid_t armed;
static long count, at;
static int way, log_fd = -1;
static char below[4096];
static size_t below_size;

/* Begin; at 0 kills nobody, and a log of -1 writes nothing down. */
void crash_arm(long at_call, int how, int log, const char *folder) {
    count = 0; at = at_call; way = how; log_fd = log;
    strncpy(below, folder, sizeof below - 1);
    below_size = strlen(below);
    armed = getpid();
}

long crash_count(void) { return count; }

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); }

/* Count a call, and die before it; tells whether to die HALF-way or AFTER it, else 0. */
static int point(void) {
    if (++count != at) return 0;
    if (way == BEFORE) die();
    return way;
}

static int about_path(const char *path) { return armed == getpid() && path && !strncmp(path, below, below_size); }

/* Whether a descriptor is a file below the folder; tells its path. */
static int about_file(int fd, char *path, struct stat *found) {
    if (armed != getpid() || fd == log_fd) return 0;
    if (fstat(fd, found) || !(S_ISREG(found->st_mode) || S_ISDIR(found->st_mode))) return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, 4095);
    if (size < 0) return 0;
    path[size] = 0;
    return !strncmp(path, below, below_size);
}

static void note(char what, uint64_t inode, uint64_t offset, const void *first, size_t size, const char *second) {
    if (log_fd < 0) return;
    struct { uint64_t what, inode, offset, first, second; } head = {what, inode, offset, size, second ? strlen(second) : 0};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)first, size}, {(void *)(second ? second : ""), head.second}};
    syscall(SYS_writev, log_fd, parts, 3);
}

/* Write down that a command has ended well. */
void crash_mark(void) { note('E', 0, 0, "", 0, 0); }

static ssize_t writes(int fd, const void *data, size_t size, off_t offset, int placed) {
    char path[4096];
    struct stat found;
    int mine = about_file(fd, path, &found);
    int told = armed == getpid() && fd == STDOUT_FILENO;
    if (!mine && !told) return placed ? syscall(SYS_pwrite64, fd, data, size, offset) : syscall(SYS_write, fd, data, size);
    int end = point();
    size_t part = end == HALF ? size / 2 : size;
    if (!placed) offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = placed ? syscall(SYS_pwrite64, fd, data, part, offset) : syscall(SYS_write, fd, data, part);
    if (told) note('A', 0, 0, "", 0, 0);
    else if (done > 0) note('W', found.st_ino, offset, data, done, 0);
    if (end) die();
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return writes(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return writes(fd, data, size, offset, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return writes(fd, data, size, offset, 1); }

static int truncates(int fd, off_t size) {
    char path[4096];
    struct stat found;
    if (!about_file(fd, path, &found)) return syscall(SYS_ftruncate, fd, size);
    int end = point();
    int result = syscall(SYS_ftruncate, fd, size);
    if (!result) note('T', found.st_ino, size, "", 0, 0);
    if (end) die();
    return result;
}

int ftruncate(int fd, off_t size) { return truncates(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncates(fd, size); }

static int syncs(int fd, long call) {
    char path[4096];
    struct stat found;
    if (!about_file(fd, path, &found)) return syscall(call, fd);
    int end = point();
    note('S', found.st_ino, 0, path, strlen(path), 0);
    if (end) die();
    return 0;
}

int fsync(int fd) { return syncs(fd, SYS_fsync); }
int fdatasync(int fd) { return syncs(fd, SYS_fdatasync); }

static int opens(int folder, const char *path, int flags, mode_t mode) {
    struct stat found;
    int mine = about_path(path) && (flags & (O_CREAT | O_TRUNC));
    int fresh = mine && lstat(path, &found) != 0;
    int end = mine ? point() : 0;
    int fd = syscall(SYS_openat, folder, path, flags, mode);
    if (mine && fd >= 0 && !fstat(fd, &found)) {
        if (fresh) note('O', found.st_ino, 0, path, strlen(path), 0);
        else if (flags & O_TRUNC) note('T', found.st_ino, 0, "", 0, 0);
    }
    if (end) die();
    return fd;
}

#define MODE(flags) va_list rest; va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; va_end(rest)
#include <stdarg.h>
int open(const char *path, int flags, ...) { MODE(flags); return opens(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); return opens(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags); return opens(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags); return opens(folder, path, flags | O_LARGEFILE, mode); }

#define NAMED(what, first, second, call) \
    int mine = about_path(first), end = mine ? point() : 0, result = (call); \
    if (mine && !result) note(what, 0, 0, first, strlen(first), second); \
    if (end) die(); \
    return result

int unlink(const char *path) { NAMED('U', path, 0, REAL(unlink)(path)); }
int rmdir(const char *path) { NAMED('X', path, 0, REAL(rmdir)(path)); }
int mkdir(const char *path, mode_t mode) { NAMED('M', path, 0, REAL(mkdir)(path, mode)); }
int rename(const char *from, const char *to) { NAMED('R', from, to, REAL(rename)(from, to)); }
int link(const char *from, const char *to) { NAMED('L', from, to, REAL(link)(from, to)); }

ssize_t send(int fd, const void *data, size_t size, int flags) {
    int end = armed == getpid() ? point() : 0;
    ssize_t done = REAL(send)(fd, data, end == HALF ? size / 2 : size, flags);
    if (end) die();
    return done;
}

ssize_t recv(int fd, void *data, size_t size, int flags) {
    int end = armed == getpid() ? point() : 0;
    ssize_t done = REAL(recv)(fd, data, size, flags);
    if (end) die();
    return done;
}
