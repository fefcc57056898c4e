import Foundation
import HoldfastModel
import Testing

@testable import HoldfastArchive

/// Others' tools take our tars for what they are.
@Suite(.timeLimit(.minutes(5))) struct TarToolTests {
    @Test func pythonReadsEveryEntry() async throws {
        try await withTar { path, tree in
            let output = try run(["python3", "-c", Self.reader, path])
            let lines = output.split(separator: "\n").map(String.init)
            #expect(lines.first == "MANIFEST")
            let expected = tree.entries.filter { TarMember.isHeld($0) }
            #expect(lines.count == expected.count + 1)
            for (line, entry) in zip(lines.dropFirst(), expected) {
                let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                #expect(fields[0] == entry.path.hexadecimal, "\(EscapedPath.text(entry.path))")
                let time = Double(fields[2]) ?? 0
                #expect(abs(time - Double(entry.modified.seconds) - Double(entry.modified.nanoseconds) / 1e9) < 1e-6)
                #expect(fields[3] == "\(entry.mode)")
                guard let content = tree.contents[entry.path] else { continue }
                #expect(fields[1] == "\(content.count)")
                #expect(fields[4] == SHA.hexadecimal(content), "\(EscapedPath.text(entry.path))")
            }
        }
    }

    @Test func listOfContentsHasEveryEntryWithItsHash() async throws {
        try await withTar { path, tree in
            let text = try run(["tar", "-xOf", path, "MANIFEST"])
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            let expected = tree.entries.filter { !$0.path.isEmpty }
            #expect(lines.count == expected.count)
            for (line, entry) in zip(lines, expected) {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                #expect(EscapedPath.path(fields[4]) == entry.path)
                guard let content = tree.contents[entry.path] else { continue }
                #expect(fields[0] == "file" && fields[1] == "\(content.count)")
                #expect(fields[3] == SHA.hexadecimal(content))
            }
            #expect(lines.contains { $0.hasPrefix("file\t0\t@-1.5\t") })
            #expect(lines.contains { $0.contains("\t2026-09-21T14:13:20.000000005Z\t") })
        }
    }

    @Test func gnuTarExtractsTheTree() async throws {
        try await withTar { path, tree in
            let target = (path as NSString).deletingLastPathComponent + "/out"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            let output = try run([
                "tar", "-x", "--no-same-owner", "--warning=no-timestamp", "--exclude=null", "-f", path, "-C", target,
            ])
            #expect(output.isEmpty, "\(output)")
            for (name, content) in tree.contents {
                let file = Array(target.utf8) + [UInt8(ascii: "/")] + name
                #expect(Self.read(file) == content, "\(EscapedPath.text(name))")
            }
            // Holes stay holes.
            var status = stat()
            #expect(lstat(target + "/hole", &status) == 0 && status.st_size == 3_000_000 && status.st_blocks < 100)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: target + "/link") == "names/x")
        }
    }

    @Test(.enabled(if: access("/usr/bin/bsdtar", X_OK) == 0)) func bsdtarExtractsTheTree() async throws {
        try await withTar { path, tree in
            let target = (path as NSString).deletingLastPathComponent + "/out"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            _ = try run(["bsdtar", "-x", "--no-same-owner", "--no-xattrs", "--exclude=null", "-f", path, "-C", target])
            for (name, content) in tree.contents {
                let file = Array(target.utf8) + [UInt8(ascii: "/")] + name
                #expect(Self.read(file) == content, "\(EscapedPath.text(name))")
            }
        }
    }

    private static let reader = """
        import sys, tarfile, hashlib
        for m in tarfile.open(sys.argv[1]):
            name = m.name.encode('utf-8', 'surrogateescape')
            if name == b'MANIFEST':
                print('MANIFEST')
                continue
            data = tarfile.open(sys.argv[1]).extractfile(m).read() if m.isfile() else b''
            print(name.hex(), m.size, m.mtime, m.mode, hashlib.sha256(data).hexdigest(), m.uid)
        """

    private static func read(_ path: [UInt8]) -> [UInt8]? {
        let name = (path + [0]).map { CChar(bitPattern: $0) }
        let descriptor = open(name, O_RDONLY | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readDataToEndOfFile().map { $0 }
    }

    private func withTar(_ body: (String, SampleTree) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hf-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let tree = try await SampleTree.make()
        let layout = try await tree.tar()
        let path = directory.appendingPathComponent("media.tar").path
        try Data(try await tree.read(layout, 0..<layout.byteCount)).write(to: URL(fileURLWithPath: path))
        try await body(path, tree)
    }

    /// What the tool says, errors too; anything but success fails the test.
    private func run(_ arguments: [String]) throws -> String { try Tool.run(arguments) }
}
