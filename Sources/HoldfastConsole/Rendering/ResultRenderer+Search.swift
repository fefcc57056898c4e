import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    // MARK: find

    func text(of page: BackupFindPage) -> String {
        let head = heading("\(page.pattern.printable(limit: 600)) in backups of \(page.scope)")
        var table = TextTable(
            .left("BACKUP"), .left("ENVIRONMENT"), .left("MADE (UTC)"), .right("SIZE"), .left("CHANGED (UTC)"),
            .left("CONTENT"), .flexible("PATH"))
        // Of one path it says something that it isn't there.
        let isOnePath = (try? PathPattern(page.pattern))?.isLiteral ?? false
        var isEmpty = true
        for part in page.parts where part.failure == nil {
            let (backup, made) = ("\(part.backup)", part.createdAt.plain)
            for file in part.files {
                isEmpty = false
                table.add(
                    .init(backup), .init("\(part.environment)"), .init(made),
                    .init(file.bytes.map { HumanText.size($0) } ?? "-"), .init(file.modifiedAt.plain),
                    .init(Self.word(file.change), file.change == .changed ? .bold : nil), .init(Self.path(file, part)))
            }
            if part.files.isEmpty, isOnePath {
                table.add(
                    .init(backup), .init("\(part.environment)"), .init(made), .init("-"), .init("-"), .init("-"),
                    .init("(not in it)", .dim))
            }
        }
        let without = page.parts.count { $0.files.isEmpty && $0.failure == nil }
        let failed = page.parts.filter { $0.failure != nil }
        let foot =
            page.parts.isEmpty
            ? "No complete backup with media was looked into."
            : "Looked into \(HumanText.count(page.parts.count, "list of files", "lists of files")): "
                + "\(HumanText.count(page.parts.count - without - failed.count)) with it, \(HumanText.count(without)) without"
                + (failed.isEmpty ? "." : ", \(HumanText.count(failed.count)) that could not be read.")
        let next = page.next.map {
            "There are more: holdfast backup find \(page.scope) --from \(HumanText.quoted($0)) -- \(HumanText.quoted(page.pattern))"
                .printable(limit: 10_000)
        }
        return sections([
            head, isEmpty && !isOnePath || page.parts.isEmpty ? nil : table.text(style),
            failed.map { failure($0) }.joined(separator: "\n"), foot, next,
        ])
    }

    private func failure(_ part: BackupFindPage.Part) -> String {
        let reason = part.failure?.message.printable(limit: 600) ?? ""
        return style.paint("Backup \(part.backup), \(part.service): its list of files could not be read:", .alarm)
            + " \(reason)"
    }

    private static func path(_ file: FoundFile, _ part: BackupFindPage.Part) -> String {
        let target = file.target.map { (file.kind == .hardLink ? " = /" : " -> ") + $0 } ?? ""
        let service = part.service.name == ServiceReference.defaultName ? "" : " (\(part.service))"
        return "/\(file.path)\(file.kind == .directory ? "/" : "")\(target)\(service)"
    }

    private static func word(_ change: FoundFile.Change?) -> String {
        switch change {
        case .same: "as before"
        case .changed: "changed"
        case .added: "new"
        case nil: "-"
        }
    }

    // MARK: diff

    func text(of result: BackupDiffResult) -> String {
        func line(_ word: String, _ side: BackupDiffResult.Side) -> String {
            "\(word) backup \(side.id) of \(side.environment), \(HumanText.time(side.createdAt))"
        }
        let head = heading("\(line("From", result.old))\n\(line("to  ", result.new))")
        return sections([head] + result.services.map { text(of: $0, result) })
    }

    private func text(of service: BackupDiffResult.Service, _ result: BackupDiffResult) -> String {
        let name = "\(service.service)"
        switch service.state {
        case .onlyOld: return "\(heading(name)): only in the older one"
        case .onlyNew: return "\(heading(name)): only in the newer one"
        case .both: break
        }
        guard let difference = service.difference else {
            let reason = service.failure?.message.printable(limit: 600) ?? ""
            return "\(heading(name)): \(style.paint("could not be compared:", .alarm)) \(reason)"
        }
        let next = difference.next.map {
            "There are more: holdfast backup diff \(result.old.id) \(result.new.id) --of \(name) --from \(HumanText.quoted($0))"
                .printable(limit: 10_000)
        }
        let lines = [table(difference.files ?? []), table(difference.tables ?? []), next].compactMap { $0 }
        return (["\(heading(name)): \(Self.text(of: difference.totals))"] + lines).joined(separator: "\n")
    }

    private static func text(of totals: PartDifference.Totals) -> String {
        let words: [(PartDifference.Totals.Tally, String)] = [
            (totals.added, "added"), (totals.removed, "removed"), (totals.changed, "changed"),
            (totals.attributes, "with other attributes"), (totals.unclear, "of the same size, perhaps changed"),
        ]
        let told = words.filter { $0.0.items > 0 }.map { tally, word in
            "\(HumanText.count(tally.items)) \(word) (\(HumanText.size(tally.bytes)))"
        }
        guard !told.isEmpty else { return "nothing differs; \(HumanText.count(totals.same.items)) the same" }
        return told.joined(separator: ", ") + ", \(HumanText.count(totals.same.items)) the same"
    }

    private func table(_ files: [FileDifference]) -> String? {
        guard !files.isEmpty else { return nil }
        var table = TextTable(
            .left("WHAT"), .right("SIZE BEFORE"), .right("SIZE"), .left("CHANGED (UTC)"), .flexible("PATH"))
        for file in files {
            let side = file.new ?? file.old
            let isDirectory = side?.kind == .directory
            table.add(
                .init(file.change.rawValue, file.change == .removed ? .bold : nil),
                .init(file.old?.bytes.map { HumanText.size($0) } ?? "-"),
                .init(file.new?.bytes.map { HumanText.size($0) } ?? "-"), .init(side?.modifiedAt.plain ?? "-"),
                .init("/\(file.path)\(isDirectory ? "/" : "")\(Self.turn(file))"))
        }
        return table.text(style)
    }

    /// What became of a path that is something else now, or leads elsewhere.
    private static func turn(_ file: FileDifference) -> String {
        guard let old = file.old, let new = file.new else {
            return (file.new ?? file.old)?.target.map { " -> \($0)" } ?? ""
        }
        if old.kind != new.kind { return " (was a \(old.kind.rawValue), is a \(new.kind.rawValue))" }
        guard old.target != new.target else { return "" }
        return " -> \(new.target ?? "") (was \(old.target ?? ""))"
    }

    private func table(_ tables: [TableDifference]) -> String? {
        guard !tables.isEmpty else { return nil }
        var table = TextTable(
            .left("WHAT"), .right("ROWS BEFORE"), .right("ROWS"), .right("SIZE BEFORE"), .right("SIZE"),
            .flexible("TABLE"))
        for item in tables {
            let word = item.change == .unclear ? "perhaps" : item.change.rawValue
            table.add(
                .init(word, item.change == .removed ? .bold : nil),
                .init(item.old.map { HumanText.count($0.rows) } ?? "-"),
                .init(item.new.map { HumanText.count($0.rows) } ?? "-"),
                .init(item.old.map { HumanText.size($0.bytes) } ?? "-"),
                .init(item.new.map { HumanText.size($0.bytes) } ?? "-"), .init("\(item.schema).\(item.name)"))
        }
        return table.text(style)
    }

    // MARK: get

    func text(of given: GivenContent) -> String {
        let head = given.content
        return """
            \(heading(head.name.printable(limit: 400))) of backup \(head.backup), \(head.service)
              size     \(HumanText.size(head.bytes))
              SHA-256  \(given.sha256)
            """
    }

    // MARK: restore file

    func text(of detail: FileRestoreDetail) -> String {
        let head = heading(
            "Restore \(detail.job) of \(detail.path.printable(limit: 400)) into \(detail.destination), \(detail.service): \(detail.status.rawValue)"
        )
        guard let report = detail.report else {
            return [head, detail.failure.map { "  why        \($0.message.printable(limit: 2000))" }].compactMap { $0 }
                .joined(separator: "\n")
        }
        let counts = report.counts
        let rest = counts.symbolicLinks + counts.hardLinks + counts.others
        let what = [
            HumanText.count(counts.files, "file"),
            counts.directories > 0 ? HumanText.count(counts.directories, "directory", "directories") : nil,
            rest > 0 ? HumanText.count(rest, "other name") : nil, HumanText.size(counts.bytes),
        ].compactMap { $0 }.joined(separator: ", ")
        var lines = [head, "  at         /\(report.place.printable(limit: 4000))", "  holds      \(what)"]
        if let kept = report.keptAs {
            lines.append("  kept       /\(kept.printable(limit: 4000)): what was there before")
        }
        lines += report.warnings.first.map { "  warning    \($0.printable(limit: 400))" }
        return lines.joined(separator: "\n")
    }
}
