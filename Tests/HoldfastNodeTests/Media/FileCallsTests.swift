import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastNode
import HoldfastTestKit
import Testing

/// The model must do what Linux does, or what is tested against it proves nothing.
struct FileCallsTests {
    /// One operation on a few names in a few directories, drawn before any of its results is known.
    private struct Step {
        var operation: Int
        var places: [String]
        var names: [[UInt8]]
        var number: Int

        init(_ random: inout SeededRandom) {
            operation = Int.random(in: 0..<22, using: &random)
            places = (0..<2).map { _ in ["", "a", "a/b", "c", "a/../c", "../x"].randomElement(using: &random) ?? "" }
            names = (0..<2).map { _ in
                Array((["a", "b", "c", "d", "e", "f", "g"].randomElement(using: &random) ?? "").utf8)
            }
            number = Int.random(in: 0..<1000, using: &random)
        }
    }

    /// Makes a step's calls and tells what came of them.
    private struct Run {
        let calls: any FileCalls
        let root: FileNumber

        func line(_ step: Step) -> String {
            do throws(CallFailure) {
                return try result(step)
            } catch {
                return "error \(error.number)"
            }
        }

        private func open(_ path: String) throws(CallFailure) -> FileNumber {
            try calls.openDirectory(Array((path.isEmpty ? "." : path).utf8), in: root, sameMount: true)
        }

        private func result(_ step: Step) throws(CallFailure) -> String {
            let first = try open(step.places[0])
            defer { calls.close(first) }
            let (name, other, number) = (step.names[0], step.names[1], step.number)
            let key = Array("user.\(number % 3)".utf8)
            switch step.operation {
            case 0, 1: try calls.makeDirectory(name, in: first, mode: 0o700)
            case 2, 3: return try write(name, in: first, number)
            case 4: try calls.makeSymbolicLink(name, in: first, to: number % 7 == 0 ? [] : other)
            case 5: try calls.makeNode(name, in: first, number % 2 == 0 ? .fifo : .socket, mode: 0o600, special: 0)
            case 6: try calls.remove(name, in: first, isDirectory: number % 2 == 0)
            case 7: return try read(name, in: first)
            case 8: try calls.setMode([0o700, 0o755, 0o500, 0, 0o4711][number % 5], of: name, in: first)
            case 9:
                let time = FileTime(seconds: Int64(number), nanoseconds: UInt32(number))
                try calls.setModified(time, of: name, in: first)
            case 10: return "\(try calls.linkTarget(of: name, in: first))"
            case 11:
                try calls.setAttribute(.init(name: key, value: other), of: name, in: first)
            case 12: try calls.removeAttribute(key, of: name, in: first)
            case 13: return "\(try calls.attribute(key, of: name, in: first))"
            case 14:
                let names = try calls.attributeNames(of: name, in: first).filter { $0.starts(with: "user.".utf8) }
                return "\(names.sorted { $0.lexicographicallyPrecedes($1) })"
            case 15: return try list(first)
            // What lies above the root is not the same for both.
            case 16 where !step.places[0].isEmpty:
                let place = try calls.openParent(of: first)
                defer { calls.close(place) }
                return try status([], in: place)
            case 17...: return try two(step, first)
            default: return ""
            }
            return try status(name, in: first)
        }

        private func two(_ step: Step, _ first: FileNumber) throws(CallFailure) -> String {
            let second = try open(step.places[1])
            defer { calls.close(second) }
            let (name, other) = (step.names[0], step.names[1])
            switch step.operation {
            case 17: try calls.makeHardLink(name, in: first, to: other, in: second)
            case 18: try calls.rename(name, in: first, to: other, in: second, .toFree)
            case 19: try calls.rename(name, in: first, to: other, in: second, .over)
            default: try calls.rename(name, in: first, to: other, in: second, .exchange)
            }
            return try status(step.operation == 17 ? name : other, in: step.operation == 17 ? first : second)
        }

        private func write(_ name: [UInt8], in directory: FileNumber, _ number: Int) throws(CallFailure) -> String {
            let file = try calls.createFile(name, in: directory, mode: 0o600)
            defer { calls.close(file) }
            let bytes = [UInt8](repeating: UInt8(number % 256), count: number)
            let written = bytes.withUnsafeBytes { bytes in
                Result { () throws(CallFailure) in try calls.write(file, bytes, at: UInt64(number % 5)) }
            }
            if number % 3 == 0 { try calls.setSize(of: file, UInt64(number / 2)) }
            try calls.sync(file)
            return "\(try written.get()) \(try status(name, in: directory))"
        }

        private func read(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> String {
            let file = try calls.openFile(name, in: directory)
            defer { calls.close(file) }
            var bytes = [UInt8](repeating: 0, count: 1200)
            let count = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(CallFailure) in try calls.read(file, into: buffer, at: 3) }
            }
            var line = "\(bytes.prefix(try count.get()))"
            for offset in [0, 2000] as [UInt64] {
                let data = Result { () throws(CallFailure) in try calls.nextData(in: file, from: offset) }
                let hole = Result { () throws(CallFailure) in try calls.nextHole(in: file, from: offset) }
                line += " \(data) \(hole)"
            }
            return line
        }

        func list(_ directory: FileNumber) throws(CallFailure) -> String {
            var names: [String] = []
            try calls.list(directory) { names.append(String(decoding: $0, as: UTF8.self)) }
            return names.sorted().joined(separator: " ")
        }

        func status(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> String {
            let status = try calls.status(of: name, in: directory)
            var line = "\(status.kind) \(String(status.mode, radix: 8)) \(status.owner):\(status.group)"
            // File systems differ in what a directory's size and links are.
            if status.kind != .directory { line += " size \(status.size) links \(status.links)" }
            if status.modified.seconds < 1000 { line += " time \(status.modified)" }
            return line
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func everySequenceHasLinuxsResults() throws {
        var (errors, kinds) = (0, Set<String>())
        for seed in 0..<150 as Range<UInt64> {
            let fixture = MediaFixture(inMemory: false)
            let model = ModelFileSystem()
            try model.makeDirectory("/tree")
            let user = (geteuid(), getegid())
            try model.at("/tree") { (calls, directory, name) throws(CallFailure) in
                try calls.setOwner(user.0, user.1, of: name, in: directory)
            }
            let linux = LinuxFileCalls()
            let other = model.process(user: user.0, group: user.1)
            let runs = [
                Run(calls: linux, root: try linux.openConfiguredDirectory(Array(fixture.path("tree").utf8))),
                Run(calls: other, root: try other.openConfiguredDirectory(Array("/tree".utf8))),
            ]
            var random = SeededRandom(seed: seed)
            for number in 0..<120 {
                let step = Step(&random)
                let lines = runs.map { $0.line(step) }
                #expect(lines[0] == lines[1], "seed \(seed), step \(number): \(step)")
                if lines[0] != lines[1] { return }
                if lines[0].hasPrefix("error") { errors += 1 }
                kinds.insert("\(step.operation) \(lines[0].prefix(8))")
            }
            for run in runs { run.calls.close(run.root) }
            #expect(model.openFiles == 0)
        }
        // Or the sequences would have met nothing.
        #expect(errors > 1000 && kinds.count > 100, "\(errors) errors, \(kinds.count) kinds")
    }

    @Test(arguments: [true, false])
    func openFilesOutliveTheirNames(isModel: Bool) throws {
        let (calls, root, fixture) = try subject(isModel)
        defer { withExtendedLifetime(fixture) { calls.close(root) } }
        let (name, other) = (Array("a".utf8), Array("b".utf8))
        let file = try calls.createFile(name, in: root, mode: 0o600)
        let reading = try calls.openFile(name, in: root)
        defer { calls.close(reading) }
        let identity = try calls.status(of: [], in: file).identity
        try calls.remove(name, in: root, isDirectory: false)
        #expect(try calls.status(of: [], in: file).links == 0)
        #expect(try [7, 8].withUnsafeBytes { try calls.write(file, $0, at: 0) } > 0)
        calls.close(file)
        calls.close(try calls.createFile(other, in: root, mode: 0o600))
        #expect(try calls.status(of: other, in: root).identity != identity, "its inode is still in use")
        var byte = [UInt8(0)]
        #expect(try byte.withUnsafeMutableBytes { try calls.read(reading, into: $0, at: 0) } == 1 && byte == [7])
        #expect(throws: CallFailure(EBADF)) { try calls.status(of: [], in: 9_999) }
    }

    @Test(arguments: [true, false])
    func nothingIsFollowed(isModel: Bool) throws {
        let (calls, root, fixture) = try subject(isModel)
        defer { withExtendedLifetime(fixture) { calls.close(root) } }
        let (link, directory, file) = (Array("l".utf8), Array("d".utf8), Array("f".utf8))
        try calls.makeDirectory(directory, in: root, mode: 0o700)
        calls.close(try calls.createFile(file, in: root, mode: 0o600))
        try calls.makeSymbolicLink(link, in: root, to: directory)
        for (path, error) in [
            ("l", ELOOP), ("l/x", ELOOP), ("d/../..", EXDEV), ("..", EXDEV), ("/d", EXDEV), ("f", ENOTDIR),
            ("f/x", ENOTDIR), ("x", ENOENT), ("", ENOENT), (String(repeating: "x", count: 256), ENAMETOOLONG),
        ] {
            #expect(throws: CallFailure(error), "\(path)") {
                try calls.openDirectory(Array(path.utf8), in: root, sameMount: true)
            }
        }
        #expect(throws: CallFailure(ELOOP)) { try calls.openFile(link, in: root) }
        #expect(throws: CallFailure(EOPNOTSUPP)) { try calls.setMode(0o600, of: link, in: root) }
        #expect(try calls.status(of: link, in: root).kind == .symbolicLink)
        calls.close(try calls.openDirectory(Array("d/./../d".utf8), in: root, sameMount: true))
    }

    private func subject(_ isModel: Bool) throws -> (any FileCalls, FileNumber, MediaFixture?) {
        if isModel {
            let model = ModelFileSystem()
            try model.makeDirectory("/tree")
            let calls = model.process()
            return (calls, try calls.openConfiguredDirectory(Array("/tree".utf8)), nil)
        }
        let fixture = MediaFixture()
        let calls = LinuxFileCalls()
        return (calls, try calls.openConfiguredDirectory(Array(fixture.path("tree").utf8)), fixture)
    }
}
