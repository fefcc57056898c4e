import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// A project is erased, and its keys are nowhere. With the real program.
@Suite(.serialized, .timeLimit(.minutes(6))) struct ErasureRoadTests {
    @Test func nobodyCanReadItAgainWhateverComesBack() async throws {
        try await Regions.with(perRegion: 1) { regions in
            let cluster = regions.cluster
            try cluster.result("policy", "set", "default", "--copies", "3", "--regions", "3")
            try regions.makeShop()
            _ = try regions.backUp()
            guard case .project(let shop) = try cluster.result("project", "show", "shop") else {
                throw TestFailure("no project")
            }
            try cluster.until("every node has the record") {
                regions.nodeNames.allSatisfy { node in
                    FileManager.default.fileExists(atPath: regions.directory(node) + "/projects/\(shop.id)")
                }
            }
            let wrapped = try wrappedKey(cluster)
            #expect(try places(of: wrapped, cluster) != [])
            let indexes = regions.nodeNames.filter { node in
                FileManager.default.fileExists(atPath: regions.directory(node) + "/index/\(shop.id)")
            }
            #expect(!indexes.isEmpty)
            // One node is away, with all that it has.
            regions.kill("us-east-1")
            try regions.awaitState(.down, of: ["us-east-1"])
            #expect(cluster.holdfastFailure("project", "erase", "shop", "--yes")?.contains("has environments") == true)
            for name in ["live", "test"] { try cluster.result("environment", "remove", "shop/\(name)", "--yes") }
            guard case .done(let text) = try cluster.result("project", "erase", "shop", "--yes") else {
                throw TestFailure("no answer")
            }
            #expect(text.contains("us-east-1 will, when back"), "\(text)")
            for node in ["eu-west-1", "eu-north-1"] {
                // One that is slow to answer is asked again, after the answer to whom erased it.
                for kind in ["shard", "manifest", "references"] {
                    try cluster.until("no \(kind)s on \(node)") { try regions.objects(of: node, kind: kind) == [] }
                }
                let index = try? FileManager.default.contentsOfDirectory(atPath: regions.directory(node) + "/index")
                #expect(index?.filter { $0.hasPrefix(shop.id.text) } ?? [] == [], "\(node)")
            }
            // The key is in no file of the coordinator any more, nor on the nodes that were here.
            #expect(try places(of: wrapped, cluster) == [])
            #expect(cluster.holdfastFailure("project", "show", "shop") != nil)
            guard case .backups(let backups) = try cluster.result("backup", "list") else {
                throw TestFailure("no list")
            }
            #expect(backups.isEmpty)
            let status = try cluster.holdfast("cluster", "status").output
            #expect(status.contains("still to be deleted on us-east-1"), "\(status)")

            // The one that was away hears of it when it is back.
            #expect(try regions.objects(of: "us-east-1").count > 0)
            try regions.start("us-east-1")
            try cluster.until("it has nothing any more") { try regions.objects(of: "us-east-1") == [] }
            try cluster.until("nothing is left to do") {
                try !cluster.holdfast("cluster", "status").output.contains("Erased")
            }
            // A project of that name is another one.
            try regions.makeShop(files: 2)
            #expect(try regions.backUp().state == .complete)
        }
    }

    /// As the catalog has it, sealed.
    private func wrappedKey(_ cluster: Cluster) throws -> Data {
        let catalog = cluster.root.path + "/data/catalog.sqlite"
        for end in ["-wal", ""] {
            guard let bytes = FileManager.default.contents(atPath: catalog + end) else { continue }
            let marker = Data(#""wrappedKey":"#.utf8)
            guard let range = bytes.range(of: marker) else { continue }
            let sealed = bytes[range.upperBound...]
            let text = String(decoding: sealed.prefix(200), as: UTF8.self)
            guard let long = text.split(separator: "\"").first(where: { $0.count > 100 }) else { continue }
            return Data(String(long.prefix(100)).utf8)
        }
        throw TestFailure("the catalog has no wrapped key")
    }

    /// The coordinator's files that have it.
    private func places(of bytes: Data, _ cluster: Cluster) throws -> [String] {
        let root = cluster.root.path + "/data"
        return try FileManager.default.contentsOfDirectory(atPath: root).filter { name in
            FileManager.default.contents(atPath: root + "/" + name)?.range(of: bytes) != nil
        }
    }
}
