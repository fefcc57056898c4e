import Foundation
import HoldfastModel

/// A file system of a few MiB of a test's own, in a loop-mounted file, so that it can really be full or read-only. Gone with
/// its last reference.
package final class SmallDisk: Sendable {
    /// Mounting takes root, and a kernel that lets this one.
    package static let isAvailable: Bool = (try? SmallDisk(megabytes: 4)) != nil

    package let path: String
    private let image: String

    /// - Parameter place: where it is mounted; a directory of its own if not said.
    package init(megabytes: Int = 24, at place: String? = nil) throws {
        let base = NSTemporaryDirectory() + "hf-disk-\(UUID().uuidString.prefix(8))"
        (path, image) = (place ?? base, base + ".img")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do {
            try Self.run("truncate", "-s", "\(megabytes)M", image)
            try Self.run("mkfs.ext4", "-q", "-F", "-m", "0", "-b", "1024", image)
            try Self.run("mount", "-o", "loop,errors=remount-ro", image, path)
        } catch {
            remove()
            throw error
        }
        try? FileManager.default.removeItem(atPath: path + "/lost+found")
    }

    deinit { remove() }

    /// Takes all room but so many KiB.
    package func fill(leaving kibibytes: Int = 0) throws {
        // Less than asked for is there in the end, which is what is wanted.
        try? Self.run("dd", "if=/dev/zero", "of=\(filler)", "bs=64k", "conv=fsync")
        fillRest()
        guard kibibytes > 0 else { return }
        let size = try FileManager.default.attributesOfItem(atPath: filler)[.size] as? Int ?? 0
        try Self.run("truncate", "-s", "\(max(0, size - kibibytes * 1024))", filler)
    }

    /// Takes what an earlier `fill` left.
    package func fillRest() { try? Self.run("dd", "if=/dev/zero", "of=\(filler).rest", "bs=1k", "conv=fsync") }

    /// Gives back what was taken.
    package func makeRoom() throws {
        try? FileManager.default.removeItem(atPath: filler + ".rest")
        try FileManager.default.removeItem(atPath: filler)
    }

    package func mount(readOnly: Bool) throws { try Self.run("mount", "-o", "remount,\(readOnly ? "ro" : "rw")", path) }

    /// Makes the kernel find an error in the file system, after which nothing can be written until it is mounted anew.
    package func breakDown() throws {
        let source = try Self.output("findmnt", "--noheadings", "--output", "SOURCE", path)
        let name = URL(fileURLWithPath: source).lastPathComponent
        // The kernel takes one write and no file made for it.
        let trigger = try FileHandle(forWritingTo: URL(fileURLWithPath: "/sys/fs/ext4/\(name)/trigger_fs_error"))
        try trigger.write(contentsOf: Data("1".utf8))
        try trigger.close()
    }

    /// After `breakDown`: checks the file system and mounts it again. Nothing may have it open.
    package func mend() throws {
        try Self.run("umount", path)
        // 1 says that errors were corrected.
        try? Self.run("fsck.ext4", "-p", "-f", image)
        try Self.run("mount", "-o", "loop,errors=remount-ro", image, path)
    }

    private var filler: String { path + "/filler" }

    private func remove() {
        try? Self.run("umount", "-l", path)
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: image)
    }

    private static func run(_ words: String...) throws { _ = try output(of: words) }

    private static func output(_ words: String...) throws -> String { try output(of: words) }

    private static func output(of words: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HoldfastError(.toolFailed, "\(words.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
