import HoldfastCommands
import HoldfastModel
import Hummingbird

/// What is in a backup: the tables of a database, the directories and files of media.
struct ContentsPages: Sendable {
    private struct Crumb {
        let title: String
        let address: String
    }

    private struct Row {
        let name: String
        /// Of a directory.
        let address: String?
        let remark: String?
        let first: String
        let second: String
        /// Where it alone is fetched; nil where it can't be.
        let content: String?
    }

    private struct Page {
        let frame: Frame
        let project: String
        let id: String
        let title: String
        let heading: String
        let summary: String?
        let crumbs: [Crumb]
        let names: String
        let firstName: String
        let secondName: String
        let rows: [Row]
        let hasRows: Bool
        let empty: String
        let more: String?
    }

    func tables(_ visit: Visit, _ id: BackupID, _ query: Form) async throws -> Response {
        let list = BackupTableList(
            backup: id, source: try query["of"].map { try ServiceReference($0) },
            after: try query.number("after", "The number of tables before") ?? 0)
        let page: BackupTablePage = try await visit.get(.backupTables(list)) {
            if case .tables(let value) = $0 { value } else { nil }
        }
        let backup = try await visit.backup(id).backup
        let mayFetch =
            backup.state == .complete && visit.principal.has(.operator, in: backup.environment.project)
        let base = "/backups/\(id)/tables/content?of=\(Form.encode("\(page.service)"))"
        let rows = page.tables.map { table in
            Row(
                name: "\(table.schema).\(table.name)", address: nil, remark: nil, first: HumanText.count(table.rows),
                second: HumanText.size(table.bytes),
                content: mayFetch ? "\(base)&table=\(Form.encode("\(table.schema).\(table.name)"))" : nil)
        }
        let content = Page(
            frame: Frame(title: "Tables of a backup of \(backup.environment)", in: .projects, visit),
            project: backup.environment.project.text, id: id.text, title: Words.time(backup.createdAt),
            heading: Words.service(page.service), summary: HumanText.count(page.total, "table"), crumbs: [],
            names: "Table", firstName: "Rows", secondName: "In the dump", rows: rows, hasRows: !rows.isEmpty,
            empty: "There are no tables in it.",
            more: page.next.map { "/backups/\(id)/tables?of=\(Form.encode("\(page.service)"))&after=\($0)" })
        return try .page(Templates.render(content, as: "contents"))
    }

    func files(_ visit: Visit, _ id: BackupID, _ query: Form) async throws -> Response {
        let path = query.has("path") && !query.exact("path").isEmpty ? query.exact("path") : nil
        let list = BackupFileList(
            backup: id, source: try query["of"].map { try ServiceReference($0) }, path: path,
            from: query.has("from") ? query.exact("from") : nil)
        let page: BackupFilePage = try await visit.get(.backupFiles(list)) {
            if case .files(let value) = $0 { value } else { nil }
        }
        let backup = try await visit.backup(id).backup
        let mayFetch =
            backup.state == .complete && visit.principal.has(.operator, in: backup.environment.project)
        let base = "/backups/\(id)/files?of=\(Form.encode("\(page.service)"))"
        let content = "/backups/\(id)/files/content?of=\(Form.encode("\(page.service)"))"
        let above = page.path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        let rows = page.files.map { file in
            let inner = (above + [file.name]).joined(separator: "/")
            return Row(
                name: file.name + (file.kind == .directory ? "/" : ""),
                address: file.kind == .directory ? "\(base)&path=\(Form.encode(inner))" : nil,
                remark: Self.remark(file), first: file.bytes.map { HumanText.size($0) } ?? "",
                second: Words.time(file.modifiedAt),
                content: mayFetch && [.file, .hardLink, .directory].contains(file.kind)
                    ? "\(content)&path=\(Form.encode(inner))" : nil)
        }
        let crumbs =
            [Crumb(title: Words.service(page.service), address: base)]
            + above.indices.map { index in
                Crumb(
                    title: above[index],
                    address: "\(base)&path=\(Form.encode(above[...index].joined(separator: "/")))")
            }
        let here = page.path.isEmpty ? base : "\(base)&path=\(Form.encode(page.path))"
        let shown = Page(
            frame: Frame(title: "Files of a backup of \(backup.environment)", in: .projects, visit),
            project: backup.environment.project.text, id: id.text, title: Words.time(backup.createdAt),
            heading: above.last ?? Words.service(page.service), summary: nil, crumbs: crumbs.dropLast(), names: "Name",
            firstName: "Size", secondName: "Changed", rows: rows, hasRows: !rows.isEmpty,
            empty: "There is nothing in this directory.", more: page.next.map { "\(here)&from=\(Form.encode($0))" })
        return try .page(Templates.render(shown, as: "contents"))
    }

    /// What the address of a row's content asks for.
    static func get(_ id: BackupID, _ query: Form) throws -> BackupGet {
        let what: BackupGet.What = query.has("table") ? .table(query.exact("table")) : .path(query.exact("path"))
        return BackupGet(backup: id, what: what, source: try query["of"].map { try ServiceReference($0) })
    }

    private static func remark(_ file: BackupFile) -> String? {
        var words: [String] = []
        if let target = file.target { words.append(file.kind == .hardLink ? "the same as /\(target)" : "→ \(target)") }
        if [.fifo, .socket, .device].contains(file.kind) { words.append(file.kind.rawValue) }
        for remark in file.remarks ?? [] {
            switch remark {
            case .vanished: words.append("removed while the backup was made")
            case .earlier: words.append("as it was before the database was read")
            case .unsettled: words.append("changed each time it was read")
            }
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
