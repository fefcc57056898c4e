import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// Three regions of two nodes each, as processes of their own that are really killed.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RegionTests {
    @Test func aRegionDiesAndNothingIsLost() async throws {
        try await Regions.with { regions in
            let cluster = regions.cluster
            try cluster.result("policy", "set", "default", "--copies", "2", "--regions", "2", "--degraded", "1")
            try regions.makeShop()
            let first = try regions.backUp()
            #expect(first.receipt?.isDegraded == false)
            for (name, place) in try regions.copies() { #expect(place == (2, 2), "\(name)") }

            // Whoever worked for it is gone, too; another node goes on.
            let dead = regions.kill(region: "eu-west")
            try regions.writeFile("new", bytes: 100_000)
            let second = try regions.backUp()
            #expect(second.receipt?.holdings.allSatisfy { $0.region.text != "eu-west" } == true)
            #expect(second.receipt?.isDegraded == false)
            try regions.restore(first.id)
            try regions.restore(second.id)
            #expect(try regions.content("test") == regions.content("live"))

            // What lay there is copied elsewhere once it is given up, and comes home when it is back.
            try regions.awaitState(.down, of: dead)
            try cluster.until("every copy is made again") {
                let report = try regions.repair()
                return report.isWhole
            }
            for name in dead { try regions.start(name) }
            try regions.awaitUp(6)
            try cluster.until("every copy is where it should be") {
                let report = try regions.repair()
                return report.isWhole && report.copied == 0 && report.dropped == 0
            }
            for (name, place) in try regions.copies() { #expect(place == (2, 2), "\(name)") }
            for backup in [first, second] {
                guard case .verified(_, let report) = try cluster.result("backup", "verify", backup.id.text) else {
                    throw TestFailure("no report")
                }
                #expect(report.problems.isEmpty)
            }
        }
    }

    @Test func whatRotsOnADiskIsFoundAndHealed() async throws {
        try await Regions.with(perRegion: 1) { regions in
            let cluster = regions.cluster
            try cluster.result("policy", "set", "default", "--copies", "3", "--regions", "3")
            try regions.makeShop()
            let backup = try regions.backUp()
            let node = "eu-north-1"
            let shards = try regions.objects(of: node)
            #expect(shards.count >= 1)
            var lists = try regions.objects(of: node, kind: "references") + regions.objects(of: node, kind: "manifest")
            let good = try Dictionary(
                uniqueKeysWithValues: (shards + lists).map { ($0, try Data(contentsOf: URL(fileURLWithPath: $0))) })
            // Rotten, cut, gone.
            var bytes = try #require(good[shards[0]])
            bytes[bytes.count / 2] ^= 0x40
            try bytes.write(to: URL(fileURLWithPath: shards[0]))
            try FileManager.default.removeItem(atPath: lists.removeFirst())
            try good[lists[0]]?.dropLast(9).write(to: URL(fileURLWithPath: lists[0]))
            try cluster.result("node", "scrub", node)
            try cluster.until("the scrub has found it") {
                try regions.statuses().first { $0.name.text == node }?.scrub?.everDamaged == 3
            }
            // Repair begins by itself, because of what was found.
            try cluster.until("everything is back") {
                good.allSatisfy { path, content in (try? Data(contentsOf: URL(fileURLWithPath: path))) == content }
            }
            try regions.restore(backup.id)
            #expect(try regions.content("test") == regions.content("live"))
            let quarantine = try FileManager.default.contentsOfDirectory(
                atPath: regions.directory(node) + "/quarantine")
            #expect(quarantine.count == 2)
        }
    }

    @Test func aNodeIsDrainedAndBuriedAndAnotherTakesItsPlace() async throws {
        try await Regions.with(perRegion: 1) { regions in
            let cluster = regions.cluster
            try cluster.result("policy", "set", "default", "--copies", "2", "--regions", "2")
            try regions.makeShop()
            let first = try regions.backUp()
            // A policy that needs it keeps it.
            try cluster.result("policy", "set", "wide", "--copies", "3", "--regions", "3")
            try cluster.result("project", "create", "wide", "--policy", "wide")
            #expect(cluster.holdfastFailure("node", "drain", "us-east-1")?.contains("wide") == true)
            try cluster.result("project", "remove", "wide", "--yes")
            #expect(cluster.holdfastFailure("node", "remove", "us-east-1", "--yes")?.contains("drain") == true)

            try cluster.result("node", "drain", "us-east-1")
            // Backups go on meanwhile.
            try regions.writeFile("new", bytes: 50_000)
            let second = try regions.backUp()
            #expect(second.receipt?.isDegraded == false)
            try cluster.until("nothing is left there") {
                let report = try regions.repair()
                return report.isWhole && report.left.isEmpty
            }
            #expect(try regions.objects(of: "us-east-1").isEmpty)
            try cluster.result("node", "remove", "us-east-1", "--yes")
            regions.kill("us-east-1")
            #expect(try regions.statuses().count == 2)
            for backup in [first, second] {
                try regions.restore(backup.id)
            }
            #expect(try regions.content("test") == regions.content("live"))

            // One that joins takes its share.
            try regions.join("us-east-2", region: "us-east")
            try regions.awaitUp(3)
            try cluster.until("it has its share") {
                let report = try regions.repair()
                return try report.isWhole && !regions.objects(of: "us-east-2").isEmpty
            }
            for (name, place) in try regions.copies() { #expect(place == (2, 2), "\(name)") }
        }
    }
}
