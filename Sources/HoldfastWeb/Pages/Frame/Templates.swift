import HoldfastModel
import Mustache

/// All templates, parsed once. What is put into them is escaped, unless it is HTML of our own.
enum Templates {
    static let library: MustacheLibrary = {
        let texts: [(String, String)] =
            [("layout", LayoutTemplate.text), ("gate", LayoutTemplate.gate)] + SigningInTemplates.all
            + ProjectTemplates.all + BackupTemplates.all + RestoreTemplates.all + DownloadTemplates.all
            + ScheduleTemplates.all + ClusterTemplates.all + AccountTemplates.all
        var library = MustacheLibrary()
        for (name, text) in texts {
            do {
                try library.register(text, named: name)
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
