import Foundation
import HoldfastModel
import Testing

@testable import HoldfastCatalog

/// Whatever was acknowledged survives; what wasn't is there in whole or not at all.
@Suite(.timeLimit(.minutes(5)))
struct CrashTests {
    /// One change: a counter, and a journal entry for each of its values.
    private static func increment(_ catalog: SQLiteCatalog, to value: Int64, epoch: Epoch) async throws {
        try await catalog.commit(
            Transaction(
                epoch: epoch,
                writes: [
                    .test("counter", order: value, body: String(repeating: "x", count: Int(value) * 97 % 5000)),
                    .journal(try testJob(1), at: Timestamp(milliseconds: value), entry: [UInt8(value % 251)]),
                ]))
    }

    /// The value of the counter, after checking that the journal agrees.
    private static func value(at path: String) async throws -> Int64 {
        let catalog = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1))
        let value = try await catalog.record(.test("counter"))?.order ?? 0
        let journal = try await catalog.journal(of: try testJob(1), after: 0, limit: .max)
        #expect(journal.map(\.at.milliseconds) == Array(stride(from: 1, through: value, by: 1)))
        try catalog.close()
        return value
    }

    /// The log cut at any place, as a power cut leaves it: every commit synced before that place is there.
    @Test func aTornLogKeepsEveryCommitBeforeTheTear() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            let catalog = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1))
            let epoch = try await catalog.takeOffice(above: Epoch(0))
            var lengths: [Int] = []
            for value in 1...25 {
                try await Self.increment(catalog, to: Int64(value), epoch: epoch)
                lengths.append(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count)
            }
            let database = try Data(contentsOf: URL(fileURLWithPath: path))
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            try catalog.close()
            #expect(lengths == lengths.sorted() && Set(lengths).count > 20, "no checkpoint in between")
            var random = SplitMix(state: 11)
            let start = try #require(lengths.first)
            let cuts =
                lengths + lengths.map { $0 - 1 }
                + (0..<40).map { _ in Int.random(in: start...log.count, using: &random) }
            for cut in cuts where cut >= start {
                let copy = directory + "/copy.sqlite"
                for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
                try database.write(to: URL(fileURLWithPath: copy))
                // Beyond the tear whatever the disk held, and not by chance what should have been there.
                var torn = log.prefix(cut) + Data((0..<700).map { _ in UInt8.random(in: 0...255, using: &random) })
                if cut < log.count { torn[cut] = ~log[cut] }
                try torn.write(to: URL(fileURLWithPath: copy + "-wal"))
                let acknowledged = lengths.count { $0 <= cut }
                #expect(try await Self.value(at: copy) == Int64(acknowledged), "cut at \(cut)")
            }
        }
    }

    /// A process killed at arbitrary instants, again and again on the same file.
    @Test func aKilledProcessLosesNothingAcknowledged() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1)).close()
            for microseconds in [9_000, 23_000, 41_000, 67_000] {
                await #expect(processExitsWith: .signal(SIGALRM)) {
                    [path = path as String, microseconds = microseconds as Int] in
                    try await Self.countUntilKilled(path, microseconds: microseconds)
                }
                let acknowledged =
                    (try? String(contentsOfFile: path + ".acknowledged", encoding: .utf8)).flatMap { Int64($0) } ?? 0
                let value = try await Self.value(at: path)
                #expect(value == acknowledged || value == acknowledged + 1)
            }
            #expect(try await Self.value(at: path) > 0, "killed too early every time")
        }
    }

    private static func countUntilKilled(_ path: String, microseconds: Int) async throws {
        let catalog = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1))
        let epoch = try await catalog.takeOffice(above: Epoch(0))
        var value = try await catalog.record(.test("counter"))?.order ?? 0
        let note = open(path + ".acknowledged", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        func acknowledge() {
            let text = Array(String(value).utf8)
            _ = pwrite(note, text, text.count, 0)
        }
        // What the process before committed and had no time to note counts from here on.
        acknowledge()
        var timer = itimerval()
        timer.it_value.tv_usec = microseconds
        setitimer(Int32(bitPattern: ITIMER_REAL.rawValue), &timer, nil)
        while true {
            value += 1
            try await increment(catalog, to: value, epoch: epoch)
            acknowledge()
        }
    }
}
