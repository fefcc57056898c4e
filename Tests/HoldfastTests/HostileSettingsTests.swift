import Foundation
import HoldfastModel
import Testing

@testable import holdfast

/// Settings that somebody wrote to do harm, or that a disk has spoilt: an error that names the trouble, within the suite's time limit.
@Suite(.timeLimit(.minutes(5))) struct HostileSettingsTests {
    private static let good = "dataDirectory: /d\nlisten: a:1\nconsole: b:2\n"

    /// Twenty lists of ten, each of the one before: 10²⁰ words if anybody looked at them all.
    private static let laughs =
        "a0: &a0 [x]\n"
        + (1...20).map { number in
            "a\(number): &a\(number) [\([String](repeating: "*a\(number - 1)", count: 10).joined(separator: ","))]\n"
        }.joined()

    private static let hostile: [(String, String, String)] = [
        ("a bomb of aliases", laughs + good, "*a0"),
        ("a bomb as a value", good + "clusterKeyCommand: &a [x, &b [x]]\n" + laughs, "*a0"),
        ("a bomb as a key", laughs + "? *a20\n: 1\n" + good, "*a0"),
        ("a hundred thousand lists within each other", String(repeating: "[", count: 100_000), ""),
        ("a hundred thousand mappings within each other", String(repeating: "{a: ", count: 100_000), ""),
        ("a hundred thousand nested steps", (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), ""),
        ("a key twice", good + "console: c:3\n", "console"),
        ("an unknown key", good + "consol: c:3\n", "there are: dataDirectory"),
        ("a list for a text", "dataDirectory: [a]\nlisten: a:1\nconsole: b:2\n", "dataDirectory"),
        ("a text for a list", good + "clusterKeyCommand: pass show\n", "clusterKeyCommand"),
        (
            "a port beyond all ports", "dataDirectory: /d\nlisten: a:99999999999999999999\nconsole: b:2\n",
            "99999999999999999999"
        ),
        ("a NUL", "dataDirectory: /d\u{0}\nlisten: a:1\nconsole: b:2\n", "YAML"),
        ("nothing", "", "key: value"),
        ("two documents", good + "---\n" + good, ""),
        ("a tag that asks for an object", "!!python/object:os.system\n" + good, ""),
        ("a megabyte of one word", "dataDirectory: " + String(repeating: "x", count: 1_000_000), "missing"),
    ]

    @Test(arguments: hostile) func isRefusedSoon(_ what: String, _ text: String, named: String) throws {
        do {
            _ = try CoordinatorSettings.parse(text)
            #expect(what == "two documents" || what == "a tag that asks for an object", "\(what) was taken")
        } catch let error as HoldfastError {
            #expect(error.code == .invalidArgument, "\(what): \(error)")
            #expect(named.isEmpty || error.message.contains(named), "\(what): \(error.message)")
            #expect(error.message.utf8.count < 4000, "\(what): \(error.message.utf8.count) bytes of message")
        }
    }

    @Test(arguments: [
        "weight: [1]", "weight: heavy", "reserve: -1", "reserve: 99999999999999TiB", "mediaRoots: /srv",
        "coordinators: [a:0]", "coordinators: [a:70000]", "name: \"a\\u0007b\"", "name: ../x",
    ]) func wrongValuesOfANodeAreNamed(_ line: String) throws {
        let key = try #require(line.split(separator: ":").first)
        let lines = ["name: n", "region: eu", "dataDirectory: /d", "coordinators: [a:1]"]
            .filter { !$0.hasPrefix("\(key):") }
        let error = try #require(throws: HoldfastError.self) {
            try NodeSettings.parse((lines + [line]).joined(separator: "\n"))
        }
        #expect(error.code == .invalidArgument && !error.message.contains("\u{7}"), "\(line): \(error.message)")
    }

    @Test func whatIsNoFileOfTextIsRefused() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hf-settings-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func code(_ path: String) -> ErrorCode? {
            do {
                _ = try CoordinatorSettings.load(path)
                return nil
            } catch {
                return (error as? HoldfastError)?.code
            }
        }
        let file = directory.appendingPathComponent("c.yaml")
        #expect(code(directory.path) == .notFound)
        #expect(code(file.path) == .notFound)
        try (Data(Self.good.utf8) + Data("clusterKeyFile: /k\u{e9}y".unicodeScalars.map { UInt8($0.value) })).write(
            to: file)
        #expect(code(file.path) == .invalidArgument, "Latin-1 would become another path")
        try Data(repeating: 32, count: (1 << 20) + 1).write(to: file)
        #expect(code(file.path) == .tooLarge)
        // What has no end is not read to its end.
        #expect(code("/dev/zero") == .tooLarge)
        try Data(Self.good.utf8).write(to: file)
        #expect(code(file.path) == nil)
    }
}
