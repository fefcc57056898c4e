import Foundation
import Testing

/// docs/protocol.md is for those who write another client.
@Suite struct ProtocolDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func everyMessageIsInIt() throws {
        let folder = Self.root.appendingPathComponent("Sources/HoldfastWire/Messages")
        var names: [String] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            names += text.matches(of: #/static let name = "([a-z-]+)"/#).map { String($0.output.1) }
        }
        #expect(names.count > 40)
        let document = try String(contentsOf: Self.root.appendingPathComponent("docs/protocol.md"), encoding: .utf8)
        for name in names { #expect(document.contains("\n| `\(name)` |"), "\(name)") }
    }
}
