import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of page: BackupTablePage) -> String {
        let head = heading("Backup \(page.backup), \(page.service): \(HumanText.count(page.total, "table"))")
        guard !page.tables.isEmpty else { return head }
        var table = TextTable(.flexible("TABLE"), .right("ROWS"), .right("IN THE DUMP"))
        for item in page.tables {
            table.add(
                .init("\(item.schema).\(item.name)"), .init(HumanText.count(item.rows)),
                .init(HumanText.size(item.bytes)))
        }
        let next = page.next.map {
            more("tables \(page.backup) --of \(page.service) --after \($0) --limit \(page.tables.count)")
        }
        return sections([head, table.text(style), next])
    }

    func text(of page: BackupFilePage) -> String {
        let head = heading(
            "Backup \(page.backup), \(page.service): /\(page.path.drop { $0 == "/" }.description.printable(limit: 400))"
        )
        guard !page.files.isEmpty else { return sections([head, "Nothing in there."]) }
        var table = TextTable(.left("MODE"), .right("SIZE"), .left("CHANGED (UTC)"), .flexible("NAME"))
        for file in page.files {
            table.add(
                .init(Self.mode(file)), .init(file.bytes.map { HumanText.size($0) } ?? "-"),
                .init(file.modifiedAt.plain), .init(Self.name(file), file.kind == .directory ? .bold : nil))
        }
        let next = page.next.map {
            more(
                "files \(page.backup) --of \(page.service) --from \(HumanText.quoted($0)) --limit \(page.files.count)"
                    + (page.path.isEmpty ? "" : " -- \(HumanText.quoted(page.path))"))
        }
        return sections([head, table.text(style), next])
    }

    /// For a shell, too: what a directory is called must do nothing there.
    private func more(_ words: String) -> String {
        "There are more: holdfast backup \(words)".printable(limit: 10_000)
    }

    private static func name(_ file: BackupFile) -> String {
        let target = file.target.map { (file.kind == .hardLink ? " = /" : " -> ") + $0 } ?? ""
        let remarks = (file.remarks ?? []).map { " (\($0.rawValue))" }.joined()
        return file.name + (file.kind == .directory ? "/" : "") + target + remarks
    }

    /// As `ls` writes it: `drwxr-xr-x`.
    private static func mode(_ file: BackupFile) -> String {
        let kind =
            switch file.kind {
            case .directory: "d"
            case .symbolicLink: "l"
            case .fifo: "p"
            case .socket: "s"
            case .device: "c"
            case .file, .hardLink: "-"
            }
        let bits = zip("rwxrwxrwx", (0..<9).reversed()).map { letter, bit in
            file.mode >> UInt16(bit) & 1 == 1 ? String(letter) : "-"
        }
        return kind + bits.joined()
    }
}
