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
            try Self.run("mount", "-o", "loop", image, path)
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

    private var filler: String { path + "/filler" }

    private func remove() {
        try? Self.run("umount", "-l", path)
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: image)
    }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HoldfastError(.toolFailed, "\(words.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
    }
}
