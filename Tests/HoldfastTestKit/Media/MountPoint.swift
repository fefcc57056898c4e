import CLinux
import Glibc

/// Something mounted for one test, gone with its last reference. Nil where this process may not mount, or the machine lacks
/// what it takes.
package final class MountPoint: Sendable {
    package let path: String

    /// A file system in memory.
    package init?(tmpfsAt path: String, options: String = "size=64m") {
        guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else { return nil }
        self.path = path
    }

    /// Another place of a file or directory. 4096 is MS_BIND.
    package init?(bind source: String, at path: String) {
        guard mount(source, path, nil, 4096, nil) == 0 else { return nil }
        self.path = path
    }

    /// A directory seen through FUSE, where two names can't be exchanged in one step.
    package init?(fuse source: String, at path: String) {
        guard Self.hasFUSE else { return nil }
        // Not by Foundation, which waits for what its child leaves running as well.
        var (process, status) = (pid_t(), Int32())
        var arguments = [strdup("bindfs"), strdup(source), strdup(path), nil]
        defer { for argument in arguments { free(argument) } }
        guard posix_spawn(&process, "/usr/bin/bindfs", nil, nil, &arguments, environ) == 0,
            waitpid(process, &status, 0) == process, status == 0
        else { return nil }
        self.path = path
    }

    /// 2 is MNT_DETACH.
    deinit { umount2(path, 2) }

    /// Tries it, with two files made for it.
    package var refusesExchange: Bool {
        let names = ["exchange-one", "exchange-two"].map { "\(path)/\($0)" }
        for name in names { close(open(name, O_WRONLY | O_CREAT | O_EXCL, 0o600)) }
        defer { for name in names { unlink(name) } }
        return linux_rename_exchange(AT_FDCWD, names[0], AT_FDCWD, names[1]) == -EINVAL
    }

    package static let canMount: Bool = {
        let scratch = MediaScratch()
        return MountPoint(tmpfsAt: scratch.directory("probe")) != nil
    }()

    package static let hasFUSE =
        access("/usr/bin/bindfs", X_OK) == 0 && access("/dev/fuse", R_OK | W_OK) == 0 && canMount
}
