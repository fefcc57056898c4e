import HoldfastModel
import Mustache
import Testing

@testable import HoldfastWeb

@Suite struct TemplateTests {
    /// Whatever is asked of it is there, and is text that wants to be HTML. Signs that join the one beside them hide it from
    /// whoever looks at letters.
    private struct Hostile: MustacheParent, CustomStringConvertible {
        static let text = "\u{0D4E}<\u{0D4E}>\u{0D4E}\"\u{0D4E}'\u{0D4E}&x <\u{301}>\u{301}\"\u{301}'\u{301}&\u{301}"

        var description: String { Self.text }

        func child(named: String) -> Any? { Hostile() }
    }

    @Test(arguments: Templates.texts.map(\.name)) func escapes(_ name: String) throws {
        let page = try Templates.render(Hostile(), as: name)
        let scalars = Array(page.unicodeScalars)
        let tags: Set<Unicode.Scalar> = ["<", ">", "\"", "'", "&"]
        for (before, after) in zip(scalars, scalars.dropFirst()) {
            #expect(!(before == "\u{0D4E}" && tags.contains(after) && after != "&"), "\(name)")
            #expect(!(after == "\u{301}" && tags.contains(before)), "\(name)")
        }
        // The text was put in somewhere, or the template has nothing to put in.
        let source = try #require(Templates.texts.first { $0.name == name }).text
        #expect(page.contains("&#39;") || !source.contains("{{"), "\(name)")
    }
}
