import Glibc
import HoldfastNode
import HoldfastTestKit
import Testing

/// What a power cut takes from the model, and what it never does.
struct ModelFileSystemTests {
    private func cut(_ system: ModelFileSystem, _ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        system.powerCut(using: &random)
    }

    private func sync(_ path: String, in system: ModelFileSystem) throws {
        try system.at(path) { (calls, directory, name) throws(CallFailure) in
            let file = try calls.openFile(name, in: directory)
            defer { calls.close(file) }
            try calls.sync(file)
        }
    }

    @Test func unsyncedContentIsLostInEveryWay() throws {
        let (old, new) = ([UInt8](repeating: 1, count: 5000), [UInt8](repeating: 2, count: 15_000))
        var seen: Set<String> = []
        for seed in 0..<200 as Range<UInt64> {
            let system = ModelFileSystem()
            try system.write(old, to: "/file")
            system.sync()
            try system.write(new, to: "/new")
            system.sync()
            try system.write(new, to: "/file")
            cut(system, seed)
            #expect(try system.contents(of: "/new") == new, "seed \(seed): what was synced stays")
            let file = try system.contents(of: "/file")
            switch file {
            case old: seen.insert("the file before")
            case new: seen.insert("all of the new one")
            case []: seen.insert("nothing")
            case _ where file.count < new.count: seen.insert("shorter")
            default: seen.insert("zeros")
            }
        }
        #expect(seen.count == 5, "\(seen)")
    }

    @Test func namesGoInTheOrderTheyCame() throws {
        var counts: Set<Int> = []
        for seed in 0..<100 as Range<UInt64> {
            let system = ModelFileSystem()
            for name in 0..<3 { try system.makeDirectory("/\(name)") }
            try sync("/0", in: system)
            for name in 3..<8 { try system.makeDirectory("/\(name)") }
            try system.remove("/0", isDirectory: true)
            cut(system, seed)
            let names = try ModelTreeDigest(of: "/", in: system, withRoot: false).lines.map { $0.prefix(1) }
            let made = names.filter { $0 != "0" }
            #expect(made == ["1", "2", "3", "4", "5", "6", "7"].prefix(made.count).map { $0[...] }, "seed \(seed)")
            #expect(made.count >= 2 && (names.first == "0" || made.count == 7), "seed \(seed)")
            counts.insert(names.count)
        }
        #expect(counts.count > 4)
    }

    /// What a failed sync was to write is never written, whatever a later sync says.
    @Test func failedSyncLosesContentForGood() throws {
        let system = ModelFileSystem()
        try system.write([1, 2, 3], to: "/file")
        system.setOptions { $0.fault = { call, _ in call == .sync ? EIO : nil } }
        #expect(throws: CallFailure(EIO)) { try sync("/file", in: system) }
        system.setOptions { $0.fault = nil }
        try sync("/file", in: system)
        #expect(try system.contents(of: "/file") == [1, 2, 3])
        cut(system, 1)
        #expect(try system.contents(of: "/file") != [1, 2, 3])
    }

    @Test func deadProcessesDoNothing() throws {
        let system = ModelFileSystem()
        try system.makeDirectory("/tree")
        let calls = system.process { (_, _) throws(CallFailure) in throw CallFailure(EIO) }
        #expect(throws: CallFailure(EIO)) { try calls.openConfiguredDirectory(Array("/tree".utf8)) }
        let other = system.process()
        let root = try other.openConfiguredDirectory(Array("/tree".utf8))
        let file = try other.createFile(Array("a".utf8), in: root, mode: 0o600)
        try other.remove(Array("a".utf8), in: root, isDirectory: false)
        #expect(system.openFiles == 2)
        other.end()
        #expect(system.openFiles == 0)
        #expect(throws: CallFailure(EBADF)) { try other.status(of: [], in: file) }
    }

    /// Deterministic: a copy that is treated as the other is the other.
    @Test func copiesGoTheirOwnWay() throws {
        let system = ModelFileSystem()
        try system.write([1], to: "/file")
        let copy = system.copy()
        try system.write([2], to: "/file")
        #expect(try copy.contents(of: "/file") == [1] && system.contents(of: "/file") == [2])
        let (first, second) = (system.copy(), system.copy())
        for copy in [first, second] { cut(copy, 11) }
        #expect(try ModelTreeDigest(of: "/", in: first) == ModelTreeDigest(of: "/", in: second))
    }
}
