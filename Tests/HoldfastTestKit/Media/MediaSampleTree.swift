import CLinux
import Glibc

/// A tree of everything that a media tree may hold, the same for the same seed: odd names, links of both kinds, holes,
/// attributes, things that are no files, modes that shut everybody out.
package struct MediaSampleTree {
    private let path: [UInt8]
    private var state: UInt64

    /// Makes it in an existing directory.
    @discardableResult
    package init(in path: String, seed: UInt64) {
        self.path = Array(path.utf8)
        state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        for name in Self.oddNames { file(name, size: next(3000)) }
        directory("empty", mode: 0o2750)
        directory("images", mode: 0o755)
        directory("images-more", mode: 0o700)
        for index in 0..<(5 + next(10)) { file(Array("images/\(index).jpg".utf8), size: next(40_000)) }
        directory("images/deep", mode: 0o755)
        directory("images/deep/er", mode: 0o1777)
        file(Array("images/deep/er/setuid".utf8), size: 10, mode: 0o4755)
        file(Array("images/zero".utf8), size: 0)
        file(Array("big".utf8), size: 1_300_000 + next(1000))
        sparse("holes", size: 5 << 20, data: [(1 << 20, 5000), (3 << 20, 100_000)])
        sparse("hole only", size: 1 << 20, data: [])
        sparse("hole last", size: 1 << 20, data: [(0, 10)])
        symlink("big", "link")
        symlink("loop", "loop")
        symlink("..", "images/up")
        symlink("/etc/passwd", "absolute")
        symlink("gone/\u{1}nowhere", "dangling")
        hardLink("big", "images/big-too")
        hardLink("big", "a-third-name")
        for index in 0..<2 { hardLink("images/\(index).jpg", "other-\(index)") }
        _ = at("pipe").withPath { mkfifo($0, 0o640) }
        _ = at("socket").withPath { mknod($0, 0o140600, 0) }
        if geteuid() == 0 {
            _ = at("device").withPath { mknod($0, 0o020660, 0x103) }
            _ = at("images/1.jpg").withPath { lchown($0, 1234, 2345) }
            _ = at("link").withPath { lchown($0, 77, 78) }
            attribute("big", "trusted.holdfast", [1, 2, 3])
        }
        attribute("big", "user.colour", Array("blue\0green".utf8))
        attribute("images", "user.empty", [])
        attribute("images/2.jpg", "system.posix_acl_access", Self.accessList(user: 4567))
        attribute("images-more", "system.posix_acl_access", Self.accessList(user: 4567))
        attribute("images-more", "system.posix_acl_default", Self.accessList(user: 4568))
        file(Array("shut".utf8), size: 100, mode: 0)
        directory("shut-directory", mode: 0o755)
        file(Array("shut-directory/inside".utf8), size: 10)
        _ = at("shut-directory").withPath { chmod($0, geteuid() == 0 ? 0 : 0o500) }
        // Everything gets a time of its own, directories too, the fraction down to the nanosecond.
        for name in [
            "link", "dangling", "pipe", "images/deep/er", "images/deep", "images", "empty", "shut-directory", "",
        ] {
            time(Array(name.utf8))
        }
    }

    package static let oddNames: [[UInt8]] = [
        Array("new\nline".utf8), Array("quo'te\"s`$(id)".utf8), Array(" ".utf8), Array("-rf".utf8), [0xff, 0xfe, 0x80],
        [UInt8](repeating: UInt8(ascii: "x"), count: 255), Array("Ü".utf8), Array("U\u{308}".utf8),
        Array("a\\b*?".utf8),
        [1, 27, 127], Array("...".utf8), Array("images!".utf8), Array("%41".utf8),
    ]

    private mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    private func at(_ name: String) -> [UInt8] { path + [47] + Array(name.utf8) }

    private mutating func file(_ name: [UInt8], size: Int, mode: UInt32 = 0o644) {
        let full = path + [47] + name
        let descriptor = full.withPath { open($0, O_WRONLY | O_CREAT | O_EXCL, 0o600) }
        let content = (0..<size).map { _ in UInt8(truncatingIfNeeded: next(256)) }
        var done = 0
        while done < size { done += content[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
        fchmod(descriptor, mode)
        close(descriptor)
        time(name)
    }

    private mutating func sparse(_ name: String, size: Int, data: [(offset: Int, count: Int)]) {
        let descriptor = at(name).withPath { open($0, O_WRONLY | O_CREAT | O_EXCL, 0o600) }
        ftruncate(descriptor, size)
        for (offset, count) in data {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: next(255) + 1) }
            _ = pwrite(descriptor, bytes, count, offset)
        }
        close(descriptor)
    }

    private func directory(_ name: String, mode: UInt32) {
        _ = at(name).withPath { mkdir($0, 0o700) }
        _ = at(name).withPath { chmod($0, mode) }
    }

    private func symlink(_ target: String, _ name: String) { _ = at(name).withPath { Glibc.symlink(target, $0) } }

    private func hardLink(_ first: String, _ name: String) {
        _ = at(first).withPath { first in at(name).withPath { link(first, $0) } }
    }

    private func attribute(_ name: String, _ key: String, _ value: [UInt8]) {
        Self.setAttribute(at(name), key, value)
    }

    /// `user::rw-,user:NUMBER:rwx,group::r--,mask::rwx,other::---` as the kernel has it.
    package static func accessList(user: UInt32) -> [UInt8] {
        let none = UInt32.max
        let entries: [(tag: UInt16, rights: UInt16, id: UInt32)] = [
            (0x01, 6, none), (0x02, 7, user), (0x04, 4, none), (0x10, 7, none), (0x20, 0, none),
        ]
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        return entries.reduce(bytes(UInt32(2))) { $0 + bytes($1.tag) + bytes($1.rights) + bytes($1.id) }
    }

    package static func setAttribute(_ path: [UInt8], _ key: String, _ value: [UInt8]) {
        _ = path.withParent { linux_set_attribute($0, $1, key, value, value.count) }
    }

    private mutating func time(_ name: [UInt8]) {
        let time = timespec(tv_sec: 1_000_000_000 + next(600_000_000), tv_nsec: next(1_000_000_000))
        _ = (name.isEmpty ? path : path + [47] + name).withPath {
            utimensat(AT_FDCWD, $0, [time, time], AT_SYMLINK_NOFOLLOW)
        }
    }
}
