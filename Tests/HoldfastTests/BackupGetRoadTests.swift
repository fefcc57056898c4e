import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Looking for a file over backups and fetching it, with the real program.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(6)))
struct BackupGetRoadTests {
    @Test func aFileIsFoundComparedAndFetched() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let products = shop.liveMedia + "/products"
            try FileManager.default.createDirectory(atPath: products, withIntermediateDirectories: true)
            let old = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) })
            try old.write(to: URL(fileURLWithPath: products + "/film.mp4"))
            try Data("logo".utf8).write(to: URL(fileURLWithPath: products + "/lo go's.png"))
            let first = try shop.backUp().id.text
            try Data("new".utf8).write(to: URL(fileURLWithPath: products + "/film.mp4"))
            try await shop.postgres.sql("DELETE FROM orders WHERE id = 1", in: shop.liveDatabase)
            let second = try shop.backUp().id.text
            try FileManager.default.removeItem(atPath: products + "/lo go's.png")
            let third = try shop.backUp().id.text

            // Which backups hold it, and what became of it.
            guard case .found(let page) = try cluster.result("backup", "find", "shop/live", "/products/film.mp4") else {
                throw TestFailure("nothing found")
            }
            #expect(page.parts.map(\.backup.text) == [third, second, first] && page.next == nil)
            #expect(page.parts.flatMap(\.files).map(\.change) == [.same, .changed, .added])
            #expect(page.parts.flatMap(\.files).map(\.bytes) == [3, 3, 3_000_000])
            guard case .found(let names) = try cluster.result("backup", "find", "shop", "*.png") else {
                throw TestFailure("nothing found")
            }
            #expect(
                names.parts.map { $0.files.map(\.path) } == [[], ["products/lo go's.png"], ["products/lo go's.png"]])
            let text = try cluster.holdfast("backup", "find", "shop", "film.*", "--limit", "1").output
            let next = try #require(text.split(separator: "\n").last { $0.contains("There are more: holdfast ") })
            let line = try #require(next.split(separator: ":", maxSplits: 1).last).dropFirst(" holdfast ".count)
            let more = try shell("HOLDFAST_CLIENT='\(client(cluster))' '\(HoldfastBinary.path)' \(line)")
            #expect(more.contains(second) && !more.contains(third), "\(more)")

            // How two of them differ.
            guard case .difference(let difference) = try cluster.result("backup", "diff", first, third) else {
                throw TestFailure("no difference")
            }
            let media = try #require(difference.services.first { $0.service.kind == .media }?.difference)
            #expect(
                media.files?.map { "\($0.change) \($0.path)" } == [
                    "changed products/film.mp4", "removed products/lo go's.png",
                ])
            let tables = try #require(difference.services.first { $0.service.kind == .database }?.difference)
            #expect(tables.tables?.map { "\($0.change) \($0.name)" } == ["changed orders"])
            let rows = try #require(tables.tables?.first)
            #expect(rows.old?.rows == (rows.new?.rows ?? 0) + 1)

            // Fetched as it was.
            let folder = cluster.root.appendingPathComponent("got").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try cluster.result("backup", "get", first, "/products/film.mp4", "-o", folder)
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/film.mp4")) == old)
            _ = try cluster.result("backup", "get", first, "products/lo go's.png", "-o", folder + "/logo")
            #expect(try String(contentsOfFile: folder + "/logo", encoding: .utf8) == "logo")
            let again = try cluster.holdfast("backup", "get", first, "products/film.mp4", "-o", folder)
            #expect(again.status == 78 && again.errors.contains("--force"))
            let missing = try cluster.holdfast("backup", "get", third, "products/lo go's.png", "-o", folder + "/x")
            #expect(missing.status == 66)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["film.mp4", "logo"])

            // A directory as a tar, to standard output.
            let listed = try shell(
                """
                HOLDFAST_CLIENT='\(client(cluster))' '\(HoldfastBinary.path)' backup get \(first) products -o - \
                | tar -C '\(folder)' -xvf -
                """)
            #expect(
                listed.split(separator: "\n").sorted() == [
                    "products/", "products/1.jpg", "products/deep/", "products/deep/er/", "products/deep/er/2.jpg",
                    "products/film.mp4", "products/lo go's.png",
                ])
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/products/film.mp4")) == old)

            // A table, as it was.
            _ = try cluster.result("backup", "get", first, "--table", "orders", "-o", folder + "/orders.sql")
            let script = try String(contentsOfFile: folder + "/orders.sql", encoding: .utf8)
            #expect(script.contains("COPY public.orders "))
            let lines = script.split(separator: "\n").filter { $0.contains("\t") }.count
            #expect("\(lines)" == "\(rows.old?.rows ?? -1)")

            // By HTTP, too.
            guard case .accessToken(let token) = try cluster.result("token", "create", "test", "--never-expires") else {
                throw TestFailure("no token")
            }
            let base = "http://127.0.0.1:\(cluster.ports[2])/api/v1/backups/\(first)"
            let bearer = "Authorization: Bearer \(token.token.revealed)"
            try shell(
                "curl -sS --fail -H '\(bearer)' -o '\(folder)/http' '\(base)/files/content?path=products/film.mp4'")
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/http")) == old)
            let range = try shell(
                "curl -sS --fail -H '\(bearer)' -r 7-1000006 '\(base)/files/content?path=products/film.mp4' | sha256sum"
            )
            try Data(old[7...1_000_006]).write(to: URL(fileURLWithPath: folder + "/range"))
            #expect(try shell("sha256sum < '\(folder)/range'") == range)
            #expect(
                try shell(
                    "curl -sS -o /dev/null -w '%{http_code}' -H '\(bearer)' '\(base)/files/content?path=..%2F..%2Fetc'")
                    == "404")
        }
    }

    @Test func aFileIsPutBackAndNothingIsLost() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let backup = try shop.backUp("shop/live", "--media").id.text
            let (path, live) = ("products/deep/er/2.jpg", shop.liveMedia)
            try FileManager.default.removeItem(atPath: live + "/products/deep")
            try Data("precious".utf8).write(to: URL(fileURLWithPath: live + "/a.txt"))

            guard
                case .fileRestore(let back) = try cluster.result(
                    "restore", "file", backup, path, "--to", "shop/live")
            else { throw TestFailure("no restore") }
            #expect(back.status == .succeeded && back.report?.counts.files == 1)
            #expect(try String(contentsOfFile: "\(live)/\(path)", encoding: .utf8) == "two")

            let refused = try cluster.holdfast("restore", "file", backup, "a.txt", "--to", "shop/live")
            #expect(refused.status == 78 && refused.errors.contains("--replace"), "\(refused)")
            #expect(try String(contentsOfFile: live + "/a.txt", encoding: .utf8) == "precious")
            guard
                case .fileRestore(let replaced) = try cluster.result(
                    "restore", "file", backup, "a.txt", "--to", "shop/live", "--replace")
            else { throw TestFailure("no restore") }
            let kept = try #require(replaced.report?.keptAs)
            #expect(try String(contentsOfFile: live + "/a.txt", encoding: .utf8) == "one")
            #expect(try String(contentsOfFile: "\(live)/\(kept)", encoding: .utf8) == "precious")

            // Into another environment, at another place.
            _ = try cluster.result("restore", "file", backup, "products", "--to", "shop/test", "--at", "monday")
            let test = cluster.media.appendingPathComponent("test").path
            #expect(try String(contentsOfFile: test + "/monday/deep/er/2.jpg", encoding: .utf8) == "two")
            for root in [live, test] {
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: root).allSatisfy { !$0.hasPrefix(".holdfast-") }
                )
            }
        }
    }

    /// Whoever breaks off leaves nothing, and the cluster goes on.
    @Test func aBrokenFetchLeavesNothing() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try shell("head -c 400M /dev/zero | tr '\\0' x > '\(shop.liveMedia)/film.mp4'")
            let backup = try shop.backUp("shop/live", "--media").id.text
            let folder = cluster.root.appendingPathComponent("got").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let fetch = Process()
            fetch.executableURL = URL(fileURLWithPath: HoldfastBinary.path)
            fetch.arguments = ["backup", "get", backup, "film.mp4", "-o", folder, "--client", client(cluster)]
            fetch.standardOutput = FileHandle.nullDevice
            fetch.standardError = FileHandle.nullDevice
            try fetch.run()
            defer { if fetch.isRunning { kill(fetch.processIdentifier, SIGKILL) } }
            // Long before it has all of it.
            while try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty {
                try await Task.sleep(for: .milliseconds(2))
            }
            kill(fetch.processIdentifier, SIGINT)
            try cluster.until("it has ended") { !fetch.isRunning }
            #expect(fetch.terminationStatus == 130)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            _ = try cluster.result("backup", "get", backup, "film.mp4", "-o", folder + "/whole")
            #expect(
                try shell("sha256sum < '\(folder)/whole'") == shell("sha256sum < '\(shop.liveMedia)/film.mp4'"))
        }
    }

    private func client(_ cluster: Cluster) -> String { cluster.root.appendingPathComponent("data/client.json").path }
}
