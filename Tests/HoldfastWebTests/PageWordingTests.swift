import Foundation
import HoldfastModel
import Testing

@testable import HoldfastWeb

/// What messages say to do, pages say in words of their own.
struct PageWordingTests {
    @Test(arguments: [
        (
            "There is no project x: `holdfast project list` shows those there are",
            "There is no project x: the page Projects shows those there are"
        ),
        ("See to the cause, then `holdfast restore resume`", "See to the cause, then “I have done it: go on”"),
        ("follow it with `holdfast job watch 01aaaaaaaaaa`", "follow it with the page of job 01aaaaaaaaaa"),
        (
            "deleted for good by `holdfast backup frob BACKUP --now`",
            "deleted for good by “holdfast backup frob BACKUP --now” at the command line"
        ),
        ("There is `nothing` to change", "There is `nothing` to change"),
    ])
    func commandsBecomeButtons(_ message: String, _ text: String) {
        #expect(PageWording.text(message) == text)
    }

    /// Each command that any message names has its words, or is one that no page does.
    @Test func noCommandIsForgotten() throws {
        let withoutPage: Set<String> = [
            "collect run", "mail list", "node token", "user create", "policy list", "node drain", "environment change",
            "catalog rebuild", "repair run", "cluster rotate-key",
        ]
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        var named: Set<String> = []
        for module in ["HoldfastCoordinator", "HoldfastModel"] {
            let files = try #require(
                FileManager.default.enumerator(atPath: sources.appendingPathComponent(module).path))
            for case let file as String in files where file.hasSuffix(".swift") {
                let text = try String(contentsOf: sources.appendingPathComponent("\(module)/\(file)"), encoding: .utf8)
                for line in text.split(separator: "\n") where !line.contains("///") {
                    for match in line.matches(of: #/`holdfast ([a-z]+ [a-z-]+)[^`]*`/#) {
                        named.insert(String(match.output.1))
                    }
                }
            }
        }
        #expect(named.count > 10)
        #expect(named.subtracting(PageWording.words.keys).subtracting(withoutPage) == [])
    }
}
