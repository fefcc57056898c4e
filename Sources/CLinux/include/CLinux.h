// System calls that the C library of Debian 12 declares variadic, not at all, or in a way that Swift can't import.
//
// Every function returns what the call returned, or the negative error number; calls cut short by a signal are made
// again. Names are single components unless the comment says otherwise, relative to an open directory; no call follows a
// symbolic link at the name.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t device, inode, size, allocated, special;
    uint32_t links, owner, group;
    uint32_t mode;
    int64_t modified_seconds, changed_seconds, born_seconds;
    uint32_t modified_nanoseconds, changed_nanoseconds, born_nanoseconds;
    // Not zero where a file system is mounted.
    int32_t mount_root;
} linux_status;

typedef struct {
    uint64_t available_bytes, available_inodes, total_inodes;
    uint64_t type;
} linux_space;

// `path` may have many components; none may be a symbolic link or lead above `directory`, nor, if `one_mount` is not zero,
// into another mount (EXDEV).
int linux_open_directory(int directory, const char *path, int one_mount);
// Symbolic links in `path` are followed: only for paths that the node's own configuration gives.
int linux_open_configured_directory(const char *path);
// The directory above. The caller decides what it may be used for.
int linux_open_parent(int directory);
// For reading; never waits for the other end of a FIFO and leaves the access time alone where that is permitted.
int linux_open_file(int directory, const char *name);
int linux_create_file(int directory, const char *name, uint32_t mode);
int linux_close(int file);

// `name` empty: of the open file itself.
int linux_status_of(int directory, const char *name, linux_status *status);
long linux_list_directory(int directory, void *buffer, size_t size);
long linux_read_link(int directory, const char *name, void *buffer, size_t size);

// `name` empty: of the open file itself, which must have been opened for reading or writing.
long linux_list_attributes(int directory, const char *name, void *buffer, size_t size);
long linux_get_attribute(int directory, const char *name, const char *attribute, void *buffer, size_t size);
int linux_set_attribute(int directory, const char *name, const char *attribute, const void *value, size_t size);
int linux_remove_attribute(int directory, const char *name, const char *attribute);

long linux_read(int file, void *buffer, size_t size, int64_t offset);
long linux_write(int file, const void *buffer, size_t size, int64_t offset);
int64_t linux_seek_data(int file, int64_t offset);
int64_t linux_seek_hole(int file, int64_t offset);
int linux_set_size(int file, int64_t size);
int linux_expect_sequential(int file);
int linux_forget_pages(int file);

int linux_make_directory(int directory, const char *name, uint32_t mode);
int linux_make_symbolic_link(const char *target, int directory, const char *name);
int linux_make_node(int directory, const char *name, uint32_t mode, uint64_t special);
int linux_make_hard_link(int from, const char *name, int to, const char *new_name);
int linux_remove(int directory, const char *name, int is_directory);

// EEXIST if the new name is taken. Where the file system can't promise that, it is looked up first.
int linux_rename_to_free(int from, const char *name, int to, const char *new_name);
// As the C library's rename: replaces what bears the new name.
int linux_rename_over(int from, const char *name, int to, const char *new_name);
// EINVAL, ENOSYS or EOPNOTSUPP where the file system or kernel can't.
int linux_rename_exchange(int from, const char *name, int to, const char *new_name);

// `name` empty: of the open file itself.
int linux_set_owner(int directory, const char *name, uint32_t owner, uint32_t group);
int linux_set_mode(int directory, const char *name, uint32_t mode);
// The time of last access is set to the same.
int linux_set_modified(int directory, const char *name, int64_t seconds, uint32_t nanoseconds);

int linux_sync(int file);
int linux_sync_filesystem(int file);

int linux_free_space(int directory, linux_space *space);
// 0 if this process may make and remove names in the directory.
int linux_may_change(int directory);

// Has the C library keep what is freed, up to so many bytes, for what is allocated next, also in pieces of megabytes, and
// divide it among fewer threads than it would by itself.
void linux_keep_freed_memory(int bytes);
// Gives what is kept so back to the system.
void linux_give_back_memory(void);
