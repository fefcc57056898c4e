#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif

// Makes the call again after a signal; the value of the whole is the call's, or the negative error number.
#define CALL(call)                                   \
    ({                                               \
        long long result_;                           \
        do {                                         \
            result_ = (call);                        \
        } while (result_ < 0 && errno == EINTR);     \
        result_ < 0 ? -(long long)errno : result_;   \
    })

static const int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

static int device_of(int file, dev_t *device) {
    struct stat status;
    if (fstat(file, &status) < 0) return -errno;
    *device = status.st_dev;
    return 0;
}

// For kernels before 5.6: one component after the other. Bind mounts of the same file system are not noticed.
static int open_by_components(int directory, const char *path, int one_mount) {
    dev_t device, other;
    int error = device_of(directory, &device);
    if (error < 0) return error;
    int current = CALL(fcntl(directory, F_DUPFD_CLOEXEC, 0));
    while (current >= 0 && *path) {
        size_t length = strcspn(path, "/");
        char name[256];
        if (length >= sizeof name) {
            close(current);
            return -ENAMETOOLONG;
        }
        memcpy(name, path, length);
        name[length] = 0;
        path += length;
        path += strspn(path, "/");
        if (strcmp(name, "..") == 0) {
            close(current);
            return -EXDEV;
        }
        int next = CALL(openat(current, name, directory_flags));
        close(current);
        current = next;
        if (current >= 0 && one_mount) {
            error = device_of(current, &other);
            if (error == 0 && other != device) error = -EXDEV;
            if (error < 0) {
                close(current);
                return error;
            }
        }
    }
    return current;
}

int linux_open_directory(int directory, const char *path, int one_mount) {
    struct open_how how = {
        // RESOLVE_NO_SYMLINKS says ELOOP of a symbolic link at the end too, where O_NOFOLLOW would say ENOTDIR.
        .flags = directory_flags & ~O_NOFOLLOW,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | (one_mount ? RESOLVE_NO_XDEV : 0),
    };
    // RESOLVE_BENEATH gives EAGAIN when something was renamed above the path meanwhile.
    for (int attempt = 0; attempt < 64; attempt++) {
        int file = CALL(syscall(SYS_openat2, directory, path, &how, sizeof how));
        if (file == -ENOSYS) return open_by_components(directory, path, one_mount);
        if (file != -EAGAIN) return file;
    }
    return -EAGAIN;
}

int linux_open_configured_directory(const char *path) {
    return CALL(open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

int linux_open_parent(int directory) {
    return CALL(openat(directory, "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int linux_open_file(int directory, const char *name) {
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    int file = CALL(openat(directory, name, flags | O_NOATIME));
    // Only a file's owner may leave its access time alone.
    return file == -EPERM ? CALL(openat(directory, name, flags)) : file;
}

int linux_create_file(int directory, const char *name, uint32_t mode) {
    return CALL(openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
}

int linux_close(int file) { return close(file) < 0 ? -errno : 0; }

int linux_status_of(int directory, const char *name, linux_status *status) {
    struct statx x;
    int result = CALL(statx(directory, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name ? 0 : AT_EMPTY_PATH),
                            STATX_BASIC_STATS | STATX_BTIME, &x));
    if (result < 0) return result;
    *status = (linux_status){
        .device = makedev(x.stx_dev_major, x.stx_dev_minor),
        .inode = x.stx_ino,
        .size = x.stx_size,
        .allocated = x.stx_blocks * 512,
        .special = makedev(x.stx_rdev_major, x.stx_rdev_minor),
        .links = x.stx_nlink,
        .owner = x.stx_uid,
        .group = x.stx_gid,
        .mode = x.stx_mode,
        .modified_seconds = x.stx_mtime.tv_sec,
        .modified_nanoseconds = x.stx_mtime.tv_nsec,
        .changed_seconds = x.stx_ctime.tv_sec,
        .changed_nanoseconds = x.stx_ctime.tv_nsec,
        .born_seconds = x.stx_mask & STATX_BTIME ? x.stx_btime.tv_sec : 0,
        .born_nanoseconds = x.stx_mask & STATX_BTIME ? x.stx_btime.tv_nsec : 0,
        .mount_root = (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0,
    };
    return 0;
}

long linux_list_directory(int directory, void *buffer, size_t size) {
    return CALL(syscall(SYS_getdents64, directory, buffer, size));
}

long linux_read_link(int directory, const char *name, void *buffer, size_t size) {
    return CALL(readlinkat(directory, name, buffer, size));
}

// The l… calls take a path only; the directory's entry in /proc leads to the open directory, whatever it is called now.
struct attribute_path {
    char text[32 + 256];
};

static int make_attribute_path(struct attribute_path *path, int directory, const char *name) {
    int length = snprintf(path->text, sizeof path->text, "/proc/self/fd/%d/%s", directory, name);
    return length < 0 || (size_t)length >= sizeof path->text ? -ENAMETOOLONG : 0;
}

long linux_list_attributes(int directory, const char *name, void *buffer, size_t size) {
    if (!*name) return CALL(flistxattr(directory, buffer, size));
    struct attribute_path path;
    int error = make_attribute_path(&path, directory, name);
    return error < 0 ? error : CALL(llistxattr(path.text, buffer, size));
}

long linux_get_attribute(int directory, const char *name, const char *attribute, void *buffer, size_t size) {
    if (!*name) return CALL(fgetxattr(directory, attribute, buffer, size));
    struct attribute_path path;
    int error = make_attribute_path(&path, directory, name);
    return error < 0 ? error : CALL(lgetxattr(path.text, attribute, buffer, size));
}

int linux_set_attribute(int directory, const char *name, const char *attribute, const void *value, size_t size) {
    if (!*name) return CALL(fsetxattr(directory, attribute, value, size, 0));
    struct attribute_path path;
    int error = make_attribute_path(&path, directory, name);
    return error < 0 ? error : CALL(lsetxattr(path.text, attribute, value, size, 0));
}

int linux_remove_attribute(int directory, const char *name, const char *attribute) {
    if (!*name) return CALL(fremovexattr(directory, attribute));
    struct attribute_path path;
    int error = make_attribute_path(&path, directory, name);
    return error < 0 ? error : CALL(lremovexattr(path.text, attribute));
}

long linux_read(int file, void *buffer, size_t size, int64_t offset) {
    return CALL(pread(file, buffer, size, offset));
}

long linux_write(int file, const void *buffer, size_t size, int64_t offset) {
    return CALL(pwrite(file, buffer, size, offset));
}

int64_t linux_seek_data(int file, int64_t offset) { return CALL(lseek(file, offset, SEEK_DATA)); }
int64_t linux_seek_hole(int file, int64_t offset) { return CALL(lseek(file, offset, SEEK_HOLE)); }
int linux_set_size(int file, int64_t size) { return CALL(ftruncate(file, size)); }
int linux_expect_sequential(int file) { return -posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL); }
int linux_forget_pages(int file) { return -posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED); }

int linux_make_directory(int directory, const char *name, uint32_t mode) {
    return CALL(mkdirat(directory, name, mode));
}

int linux_make_symbolic_link(const char *target, int directory, const char *name) {
    return CALL(symlinkat(target, directory, name));
}

int linux_make_node(int directory, const char *name, uint32_t mode, uint64_t special) {
    return CALL(mknodat(directory, name, mode, special));
}

int linux_make_hard_link(int from, const char *name, int to, const char *new_name) {
    return CALL(linkat(from, name, to, new_name, 0));
}

int linux_remove(int directory, const char *name, int is_directory) {
    return CALL(unlinkat(directory, name, is_directory ? AT_REMOVEDIR : 0));
}

int linux_rename_over(int from, const char *name, int to, const char *new_name) {
    return CALL(renameat(from, name, to, new_name));
}

int linux_rename_to_free(int from, const char *name, int to, const char *new_name) {
    int result = CALL(renameat2(from, name, to, new_name, RENAME_NOREPLACE));
    if (result != -EINVAL && result != -ENOSYS && result != -EOPNOTSUPP) return result;
    struct stat status;
    if (fstatat(to, new_name, &status, AT_SYMLINK_NOFOLLOW) == 0) return -EEXIST;
    return errno == ENOENT ? CALL(renameat(from, name, to, new_name)) : -errno;
}

int linux_rename_exchange(int from, const char *name, int to, const char *new_name) {
    return CALL(renameat2(from, name, to, new_name, RENAME_EXCHANGE));
}

int linux_set_owner(int directory, const char *name, uint32_t owner, uint32_t group) {
    if (!*name) return CALL(fchown(directory, owner, group));
    return CALL(fchownat(directory, name, owner, group, AT_SYMLINK_NOFOLLOW));
}

int linux_set_mode(int directory, const char *name, uint32_t mode) {
    if (!*name) return CALL(fchmod(directory, mode));
    return CALL(fchmodat(directory, name, mode, AT_SYMLINK_NOFOLLOW));
}

int linux_set_modified(int directory, const char *name, int64_t seconds, uint32_t nanoseconds) {
    struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
    struct timespec times[2] = {time, time};
    if (!*name) return CALL(futimens(directory, times));
    return CALL(utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW));
}

// After a failed sync the pages count as clean, so it is not tried again.
int linux_sync(int file) { return fsync(file) < 0 ? -errno : 0; }
int linux_sync_filesystem(int file) { return syncfs(file) < 0 ? -errno : 0; }

int linux_free_space(int directory, linux_space *space) {
    struct statfs status;
    int result = CALL(fstatfs(directory, &status));
    if (result < 0) return result;
    space->available_bytes = (uint64_t)status.f_bavail * (uint64_t)status.f_bsize;
    space->available_inodes = status.f_ffree;
    space->total_inodes = status.f_files;
    space->type = (uint32_t)status.f_type;
    return 0;
}

int linux_may_change(int directory) {
    return CALL(faccessat(directory, ".", W_OK | X_OK, AT_EACCESS));
}

void linux_keep_freed_memory(int bytes) {
    // The most that is allowed: anything larger comes from the kernel, which clears each page anew.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_ARENA_MAX, 2);
}

void linux_give_back_memory(void) { malloc_trim(0); }
