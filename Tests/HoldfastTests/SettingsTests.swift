import Foundation
import HoldfastModel
import Testing

@testable import holdfast

/// The files that operators write.
struct SettingsTests {
    private func example(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("cluster-config/\(name)"), encoding: .utf8)
    }

    @Test(arguments: ["coordinator.yaml", "single/coordinator.yaml", "three-regions/coordinator.yaml"])
    func coordinatorExamplesAreRead(name: String) throws {
        #expect(try CoordinatorSettings.parse(example(name)).dataDirectory.hasPrefix("/"))
    }

    @Test(arguments: [
        "node.yaml", "single/node.yaml", "three-regions/node-eu-west.yaml", "three-regions/node-eu-north.yaml",
        "three-regions/node-us-east.yaml",
    ])
    func nodeExamplesAreRead(name: String) throws {
        let settings = try NodeSettings.parse(example(name))
        #expect(settings.mediaRoots?.isEmpty == false)
    }

    @Test(arguments: [
        ("dataDirectory: /d\nlisten: a:1\nconsole: b:2\nlissten: c:3", "lissten"),
        ("dataDirectory: /d\nlisten: a:1", "console"),
        ("dataDirectory: /d\nlisten: nowhere\nconsole: b:2", "nowhere"),
        ("- a\n- b", "key: value"),
        ("dataDirectory: [", "YAML"),
    ])
    func mistakesAreNamed(text: String, named: String) throws {
        let error = try #require(throws: HoldfastError.self) { try CoordinatorSettings.parse(text) }
        #expect(error.message.contains(named), "\(error.message)")
        #expect(error.code == .invalidArgument)
    }

    @Test func waitsGrowFromOneToTheNext() throws {
        let text = "dataDirectory: /d\nlisten: a:1\nconsole: b:2\nnodes:\n"
        let settings = try CoordinatorSettings.parse(text + "  giveUpAfterSeconds: 3600\n")
        #expect(settings.nodes?.giveUpAfterSeconds == 3600)
        for wrong in [
            "heartbeatSeconds: 0", "suspectAfterSeconds: 4", "downAfterSeconds: 15", "giveUpAfterSeconds: 44",
        ] {
            let error = try #require(throws: HoldfastError.self) {
                try CoordinatorSettings.parse(text + "  \(wrong)\n")
            }
            #expect(error.message.contains("nodes"), "\(error.message)")
        }
        let node = "name: n\nregion: r\ndataDirectory: /d\ncoordinators: [a:1]\n"
        #expect(try NodeSettings.parse(node + "scrubDays: 7").scrubPeriod() == .seconds(7 * 86_400))
        #expect(throws: HoldfastError.self) { try NodeSettings.parse(node + "scrubDays: 0").scrubPeriod() }
    }

    @Test func theClustersTimeZoneIsReadAndHasToBeKnown() throws {
        let text = "dataDirectory: /d\nlisten: a:1\nconsole: b:2\n"
        #expect(try CoordinatorSettings.parse(text).zone() == "UTC")
        #expect(try CoordinatorSettings.parse(text + "timeZone: Europe/Zurich").zone() == "Europe/Zurich")
        #expect(try CoordinatorSettings.parse(text + "timeZone: UTC").zone() == "UTC")
        for unknown in ["Zurich", "CET", "GMT+1", "Europe/Zürich", ""] {
            let settings = try CoordinatorSettings.parse(text + "timeZone: \"\(unknown)\"")
            let error = try #require(throws: HoldfastError.self) { try settings.zone() }
            #expect(error.code == .invalidArgument && error.message.contains("timeZone"), "\(error.message)")
        }
    }

    @Test(arguments: [("512MiB", 536_870_912), ("2 GiB", 2_147_483_648), ("1000", 1000)] as [(String, Int64)])
    func sizesAreRead(text: String, bytes: Int64) throws {
        #expect(try ByteSize(text).bytes == bytes)
    }

    @Test(arguments: ["", "GiB", "-1", "1.5GiB", "99999999999TiB", "two"])
    func otherSizesAreRefused(text: String) {
        #expect(throws: HoldfastError.self) { try ByteSize(text) }
    }
}
