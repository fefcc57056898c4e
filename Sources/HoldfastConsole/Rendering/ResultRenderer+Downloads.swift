import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of downloads: [DownloadDetail]) -> String {
        guard !downloads.isEmpty else { return "No downloads. Prepare one: holdfast download prepare BACKUP" }
        var table = TextTable(
            .left("DOWNLOAD"), .left("WHEN (UTC)"), .left("ENVIRONMENT"), .left("BACKUP"), .flexible("WHAT"),
            .right("SIZE"), .left("STATE"), .left("EXPIRES (UTC)"))
        for download in downloads {
            table.add(
                .init("\(download.id)"), .init(download.createdAt.plain), .init("\(download.environment)"),
                .init("\(download.backup)"), .init(download.contents.map(\.description).joined(separator: ", ")),
                .init(download.files.isEmpty ? "-" : HumanText.size(download.files.reduce(0) { $0 + $1.bytes })),
                .init(download.state.rawValue, colour(of: download.state)),
                .init(download.expiresAt?.plain ?? "-"))
        }
        return table.text(style)
    }

    func text(of download: DownloadDetail) -> String {
        let state = style.paint(download.state.rawValue, colour(of: download.state))
        var fields = TextFields()
        fields.add("when", HumanText.time(download.createdAt) + ", by \(download.author)")
        fields.add("backup", "\(download.backup)")
        fields.add("job", "\(download.job)")
        fields.add("mail to", download.mail?.text)
        fields.add("expires", download.expiresAt.map(HumanText.time))
        fields.add("revoked", download.revokedAt.map(HumanText.time))
        fields.add("failed", download.failure.map(\.message), .alarm)
        return sections(
            [
                heading("Download \(download.id) of \(download.environment): ") + state + "\n" + fields.text(style)
            ] + download.files.map(text))
    }

    private func text(of file: DownloadDetail.File) -> String {
        var fields = TextFields()
        fields.add("what", "\(file.content)")
        fields.add("size", "\(HumanText.size(file.bytes)) (\(HumanText.count(file.bytes)) bytes)")
        fields.add("SHA-256", file.sha256)
        fields.add("link", file.link?.revealed)
        fields.add("fetch", file.link.map { "curl -C - -o \(Self.quoted(file.name)) '\($0.revealed)'" })
        return heading(file.name.printable(limit: 300)) + "\n" + fields.text(style)
    }

    /// For a shell. The same line resumes what was broken off.
    static func quoted(_ name: String) -> String {
        "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private func colour(of state: Download.State) -> TextStyle.Colour? {
        switch state {
        case .ready: .green
        case .failed: .red
        case .preparing: .yellow
        case .expired, .revoked, .cancelled: .dim
        }
    }
}
