import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// A tree of 20 GB, most of it holes, and a dump of 2 GB: memory stays bounded whatever the size.
///
/// Takes minutes and 10 GB of disk, so it runs only where `HOLDFAST_LARGE_TESTS` is set; `HOLDFAST_BINARY` should then name
/// a release build.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["HOLDFAST_LARGE_TESTS"] != nil),
    .timeLimit(.minutes(60)))
struct LargeTests {
    private static let memoryLimitMiB = 700

    @Test func memoryIsBounded() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try makeTree(at: shop.liveMedia + "/large")
            try await shop.postgres.sql(
                """
                SET ROLE \(shop.role);
                CREATE TABLE large AS SELECT n, md5(n::text) || md5((n * 7)::text) || repeat(md5((n % 1000)::text), 2) AS t
                    FROM generate_series(1, 15000000) n;
                """, in: shop.liveDatabase)
            let clock = ContinuousClock()
            var backup: Backup?
            let backingUp = try clock.measure { backup = try shop.backUp() }
            let first = try #require(backup)
            report("backup", backingUp, first.totals.logicalBytes, cluster)
            #expect(first.totals.logicalBytes > 2 << 30)

            try await Task.sleep(for: .seconds(3))
            let again = try clock.measure { backup = try shop.backUp() }
            report("backup again", again, try #require(backup).totals.readBytes, cluster)

            let restoring = try clock.measure { _ = try shop.restore(first.id) }
            report("restore", restoring, first.totals.logicalBytes, cluster)
            #expect(try differences(shop.liveMedia, shop.testMedia) == "")
            let counts = "SELECT count(*), sum(hashtext(t)::bigint) FROM large"
            #expect(
                try await shop.postgres.sql(counts, in: shop.testDatabase)
                    == shop.postgres.sql(counts, in: shop.liveDatabase))
            #expect(try cluster.peakMemoryMiB() < Self.memoryLimitMiB)
        }
    }

    private func report(_ what: String, _ time: Duration, _ bytes: Int64, _ cluster: Cluster) {
        let memory = (try? cluster.peakMemoryMiB()) ?? 0
        print("\(what): \(bytes >> 20) MiB in \(time), peak memory \(memory) MiB")
    }

    /// 40 files of 512 MiB with 24 MiB of data each, and 5000 small ones.
    private func makeTree(at path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let random = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/urandom"))
        for number in 0..<40 {
            let file = "\(path)/sparse-\(number)"
            try Data().write(to: URL(fileURLWithPath: file))
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            for piece in 0..<24 {
                try handle.seek(toOffset: UInt64(piece) * (21 << 20))
                try handle.write(contentsOf: random.read(upToCount: 1 << 20) ?? Data())
            }
            try handle.truncate(atOffset: 512 << 20)
            try handle.close()
        }
        for number in 0..<5000 {
            let text = String(repeating: "thumbnail \(number) ", count: 200)
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/small-\(number)"))
        }
    }

    /// What `diff` finds; 20 GB would take this process long.
    private func differences(_ one: String, _ other: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/diff")
        process.arguments = ["-rq", "--no-dereference", "--exclude=.holdfast-*", one, other]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}

extension Cluster {
    /// The most memory that the server ever held, in MiB.
    func peakMemoryMiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(server?.identifier ?? 0)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 / 1024 } ?? 0
    }
}
