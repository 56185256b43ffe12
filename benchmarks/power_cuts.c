/* Journals what a process writes to the files of one folder, and when it asks for it to be on the disk.

   LD_PRELOAD it with POWER_FOLDER, the folder, and POWER_JOURNAL, a file outside of it. Nothing is really flushed:
   what a disk would have kept at any instant is worked out from the journal (benchmarks/power_cuts.py). A record is
   "<kind> <offset> <length> <name>\n", and for a write its bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char names[FILES][256];
static int journal = -1;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

#define FIND(name) real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    FIND(write); FIND(pwrite); FIND(open); FIND(openat); FIND(close); FIND(ftruncate); FIND(unlink); FIND(rename);
    const char *path = getenv("POWER_JOURNAL");
    if (path) journal = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = real_write(journal, at, length);
        if (done <= 0) abort();
        at += done;
        length -= (size_t)done;
    }
}

static void note(char kind, long long offset, long long length, const char *name, const void *bytes) {
    char line[400];
    int size = snprintf(line, sizeof line, "%c %lld %lld %s\n", kind, offset, length, name);
    put(line, (size_t)size);
    if (bytes) put(bytes, (size_t)length);
}

/* The name of a path in the folder, "." for the folder itself; NULL for any other. */
static const char *inside(const char *path) {
    const char *folder = getenv("POWER_FOLDER");
    if (journal < 0 || !folder || !path) return NULL;
    size_t length = strlen(folder);
    if (strncmp(path, folder, length)) return NULL;
    if (path[length] == '\0') return ".";
    if (path[length] != '/' || strlen(path + length + 1) >= sizeof names[0]) return NULL;
    return path + length + 1;
}

static int opened(int fd, const char *path, int flags, int was_there) {
    const char *name = inside(path);
    if (fd >= 0 && fd < FILES) {
        pthread_mutex_lock(&turn);
        names[fd][0] = '\0';
        if (name) {
            strcpy(names[fd], name);
            if (!was_there && (flags & O_CREAT)) note('c', 0, 0, name, NULL);
            if (flags & O_TRUNC) note('t', 0, 0, name, NULL);
        }
        pthread_mutex_unlock(&turn);
    }
    return fd;
}

static const char *name_of(int fd) { return fd >= 0 && fd < FILES && names[fd][0] ? names[fd] : NULL; }

static mode_t mode_in(int flags, va_list rest) {
    return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                     \
    int name(const char *path, int flags, ...) {                       \
        va_list rest;                                                  \
        va_start(rest, flags);                                         \
        mode_t mode = mode_in(flags, rest);                            \
        va_end(rest);                                                  \
        int was_there = !inside(path) || !access(path, F_OK);          \
        return opened(real_open(path, flags, mode), path, flags, was_there); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                   \
    int name(int folder, const char *path, int flags, ...) {           \
        va_list rest;                                                  \
        va_start(rest, flags);                                         \
        mode_t mode = mode_in(flags, rest);                            \
        va_end(rest);                                                  \
        int was_there = !inside(path) || !access(path, F_OK);          \
        return opened(real_openat(folder, path, flags, mode), path, flags, was_there); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    pthread_mutex_lock(&turn);
    if (fd >= 0 && fd < FILES) names[fd][0] = '\0';
    int result = real_close(fd);
    pthread_mutex_unlock(&turn);
    return result;
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset) {
    pthread_mutex_lock(&turn);
    ssize_t done = real_pwrite(fd, bytes, length, offset);
    const char *name = name_of(fd);
    if (name && done > 0) note('w', offset, done, name, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return written(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    const char *name = name_of(fd);
    if (!name) return real_write(fd, bytes, length);
    pthread_mutex_lock(&turn);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    if (fcntl(fd, F_GETFL) & O_APPEND) offset = lseek(fd, 0, SEEK_END);
    ssize_t done = real_write(fd, bytes, length);
    if (done > 0) note('w', offset, done, name, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

/* SQLite does not use them; whatever does is not journalled and must be seen. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    static ssize_t (*real)(int, const struct iovec *, int);
    if (!real) real = dlsym(RTLD_NEXT, "writev");
    if (name_of(fd)) abort();
    return real(fd, parts, count);
}

static int truncated(int fd, off_t length) {
    pthread_mutex_lock(&turn);
    int result = real_ftruncate(fd, length);
    const char *name = name_of(fd);
    if (name && !result) note('t', length, 0, name, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

int ftruncate(int fd, off_t length) { return truncated(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncated(fd, length); }

static int flushed(int fd) {
    pthread_mutex_lock(&turn);
    const char *name = name_of(fd);
    if (name) note('s', 0, 0, name, NULL);
    pthread_mutex_unlock(&turn);
    return 0;
}

int fsync(int fd) { return flushed(fd); }
int fdatasync(int fd) { return flushed(fd); }

int unlink(const char *path) {
    pthread_mutex_lock(&turn);
    int result = real_unlink(path);
    const char *name = inside(path);
    if (name && !result) note('u', 0, 0, name, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

int rename(const char *from, const char *to) {
    if (inside(from) || inside(to)) abort();
    return real_rename(from, to);
}
