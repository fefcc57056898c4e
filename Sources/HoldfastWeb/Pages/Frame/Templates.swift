import HoldfastModel
import Mustache

/// All templates, parsed once. What is put into them is escaped, sign by sign: the library's own way looks at what a reader
/// takes for one letter, and lets a `<` pass that another sign has joined.
enum Templates {
    private struct HTML: MustacheContentType {
        func escapeText(_ text: String) -> String { text.htmlEscaped }
    }

    static let texts: [(name: String, text: String)] =
        [("layout", LayoutTemplate.text), ("gate", LayoutTemplate.gate)] + SigningInTemplates.all
        + ProjectTemplates.all + BackupTemplates.all + RestoreTemplates.all + DownloadTemplates.all
        + ScheduleTemplates.all + ClusterTemplates.all + AccountTemplates.all

    static let library: MustacheLibrary = {
        MustacheContentTypes.register(HTML(), named: "HTML")
        var library = MustacheLibrary()
        for (name, text) in texts {
            do {
                // Each for itself: a partial doesn't inherit it.
                try library.register("{{% CONTENT_TYPE: HTML}}" + text, named: name)
            } catch {
                preconditionFailure("The template \(name) can't be read: \(error)")
            }
        }
        return library
    }()

    static func render(_ page: some Any, as name: String) throws -> String {
        guard let text = library.render(page, withTemplate: name) else {
            throw HoldfastError(.internal, "There is no template \(name)")
        }
        return text
    }
}
