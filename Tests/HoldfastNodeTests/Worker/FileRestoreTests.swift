import Foundation
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// One file or directory put into a live tree, with a worker that may die before each change to it.
@Suite(.enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5))) struct FileRestoreTests {
    private struct Died: Error {}

    private func order(
        _ shop: Shop, _ backup: CaptureServices.Reply, _ path: String, at place: String? = nil,
        replaces: Bool = false, isForeign: Bool = false, job: JobID? = nil
    ) throws -> RestoreFiles {
        let part = try #require(backup.parts.first { $0.service.kind == .media })
        return RestoreFiles(
            order: shop.order(job ?? shop.job()), project: Fixture.project, keys: shop.keys.serialized,
            manifest: part.manifest, references: part.references, terms: try shop.terms,
            target: try #require(shop.targets.last), path: path, place: place ?? path, replaces: replaces,
            isForeign: isForeign)
    }

    private func tidy(_ order: RestoreFiles) -> TidyFiles { TidyFiles(order: order.order, target: order.target) }

    private func capture(_ shop: Shop, _ worker: Worker) async throws -> CaptureServices.Reply {
        try await shop.capture(worker, [try #require(shop.targets.last)])
    }

    @Test func bringsBackWhatIsGone() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        try shop.write("images/deep/er/c.txt", Array("deep".utf8))
        let backup = try await capture(shop, worker)
        let before = try shop.tree()
        for (path, counts) in [("images/b.txt", [1, 0]), ("images/deep/er/c.txt", [1, 2]), ("images", [3, 3])] {
            let gone = path == "images/deep/er/c.txt" ? "images/deep" : path
            try FileManager.default.removeItem(atPath: "\(shop.directory)/media/\(gone)")
            let order = try order(shop, backup, path)
            let report = try await worker.restore(order)
            #expect([report.counts.files, report.counts.directories] == counts.map(Int64.init), "\(path)")
            #expect(report.place == path && report.keptAs == nil)
            // The answer was lost: given again, the order says the same.
            #expect(try await worker.restore(order) == report)
            #expect(try await worker.tidy(tidy(order)).report == report)
            #expect(try shop.tree() == before, "\(path)")
            #expect(try shop.stagedNames.isEmpty)
        }
        await shop.remove()
    }

    @Test func nothingThatIsThereIsLost() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await capture(shop, worker)
        try shop.write("images/b.txt", Array("precious".utf8))
        let live = try shop.tree()
        let refused = try order(shop, backup, "images/b.txt")
        let error = await #expect(throws: HoldfastError.self) { try await worker.restore(refused) }
        #expect(error?.code == .alreadyExists)
        #expect(try await worker.tidy(tidy(refused)).report == nil)
        #expect(try shop.tree() == live && shop.stagedNames.isEmpty)

        let replacing = try order(shop, backup, "images/b.txt", replaces: true)
        let report = try await worker.restore(replacing)
        let kept = "images/b.txt.replaced-\(replacing.order.job)"
        #expect(report.keptAs == kept)
        #expect(try await worker.tidy(tidy(replacing)).report == report)
        var expected = live
        (expected["images/b.txt"], expected[kept]) = (Array("second".utf8), Array("precious".utf8))
        #expect(try shop.tree() == expected && shop.stagedNames.isEmpty)

        // Elsewhere, where there is room.
        let beside = try order(shop, backup, "images", at: "again")
        #expect(try await worker.restore(beside).counts.files == 2)
        _ = try await worker.tidy(tidy(beside))
        #expect(try shop.tree()["again/b.txt"] == Array("second".utf8))
        await shop.remove()
    }

    /// Whoever dies before any change to the tree, and is asked again, ends new; who is called off ends old. What was there
    /// is always somewhere.
    @Test(arguments: [false, true], [false, true]) func diesAnywhere(replaces: Bool, goesOn: Bool) async throws {
        let shop = try await Shop()
        let backup = try await capture(shop, Worker(shop.resources))
        if replaces {
            try shop.write("images/b.txt", Array("precious".utf8))
        } else {
            try FileManager.default.removeItem(atPath: "\(shop.directory)/media/images/b.txt")
        }
        let live = try shop.tree()
        var points = 0
        for point in 0..<20 {
            let order = try order(shop, backup, "images/b.txt", replaces: replaces)
            let kept = "images/b.txt.replaced-\(order.order.job)"
            var worker = Worker(shop.resources)
            let count = Mutex(0)
            worker.fileRestoreStep = { _ in
                let number = count.withLock { count in
                    defer { count += 1 }
                    return count
                }
                if number == point { throw Died() }
            }
            let died = (try? await worker.restore(order)) == nil
            worker = Worker(shop.resources)
            if goesOn, died { _ = try await worker.restore(order) }
            let report = try await worker.tidy(tidy(order)).report
            #expect(try shop.stagedNames.isEmpty, "at \(point)")
            let tree = try shop.tree()
            if report == nil {
                #expect(!goesOn && tree == live, "at \(point)")
            } else {
                var expected = live
                expected["images/b.txt"] = Array("second".utf8)
                if replaces { expected[kept] = Array("precious".utf8) }
                #expect(tree == expected, "at \(point)")
                // As it was.
                if replaces {
                    try FileManager.default.removeItem(atPath: "\(shop.directory)/media/\(kept)")
                    try shop.write("images/b.txt", Array("precious".utf8))
                } else {
                    try FileManager.default.removeItem(atPath: "\(shop.directory)/media/images/b.txt")
                }
            }
            points = point
            if !died { break }
        }
        // The staging directory and the new one's place; with a file in the way, the exchange and its name beside, too.
        #expect(points == (replaces ? 4 : 2))
        await shop.remove()
    }

    @Test func placesThatAreNone() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await capture(shop, worker)
        let live = try shop.tree()
        let cases: [(String, String, ErrorCode)] = [
            ("images/b.txt", "../b.txt", .invalidArgument), ("images/b.txt", "a//b", .invalidArgument),
            ("images/b.txt", "a\\x00b", .invalidArgument), ("images/b.txt", ".holdfast-x", .invalidArgument),
            ("images/b.txt", "link/b.txt", .checkFailed), ("images/b.txt", "empty/b.txt", .checkFailed),
            ("images/b.txt", "no/such/b.txt", .notFound), ("images/none", "x", .notFound),
            ("../etc/passwd", "x", .notFound), ("", "x", .invalidArgument),
            ("images/b.txt", String(repeating: "x", count: 256), .invalidArgument),
        ]
        for (path, place, code) in cases {
            let order = try order(shop, backup, path, at: place)
            let error = await #expect(throws: HoldfastError.self, "\(path) at \(place)") {
                try await worker.restore(order)
            }
            #expect(error?.code == code, "\(path) at \(place)")
            _ = try await worker.tidy(tidy(order))
        }
        #expect(try shop.tree() == live && shop.stagedNames.isEmpty)
        await shop.remove()
    }
}
