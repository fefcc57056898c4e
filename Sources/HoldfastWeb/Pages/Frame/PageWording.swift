import HoldfastModel

/// Messages in the words of pages: what they say to do by a command is done there by a button.
enum PageWording {
    static func sentence(_ error: HoldfastError) -> String { text(error.message) + "." }

    static func text(_ message: String) -> String {
        message.replacing(#/`(?:holdfast )?([a-z]+ [a-z]+)((?: [^`]*)?)`/#) { match in
            let command = String(match.output.1)
            let about = match.output.2.split(separator: " ").first.map { " \($0)" } ?? ""
            // By words of this page's own, or by the command where there is no page for it.
            return words[command].map { $0.replacing("*", with: about) }
                ?? "“holdfast \(command)\(match.output.2)” at the command line"
        }
    }

    /// By command; `*` is what it is about.
    static let words = [
        "backup delete": "“Delete” on its page",
        "backup undelete": "“Take back” on its page",
        "backup verify": "“Verify” on the page of backup*",
        "download links": "the page of download*",
        "download prepare": "“Prepare download” of its backup",
        "download revoke": "“Revoke the links” on the page of download*",
        "environment check": "“Check it” on the page of*",
        "environment list": "its project's page",
        "job watch": "the page of job*",
        "node list": "the page Cluster",
        "project list": "the page Projects",
        "restore resume": "“I have done it: go on”",
        "restore start": "“Restore” of backup*",
        "schedule set": "“Save schedule” under “Schedules and retention”",
        "service set": "“Add or change” on the environment's page",
        "user enable": "“Let in again” under People",
        "user invite": "“Invite anew” under People",
        "user role": "“Give or take a role” under People",
    ]
}
