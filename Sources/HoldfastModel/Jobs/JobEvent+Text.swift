extension BackupMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .captured(let parts, let receipt):
            "captured \(parts.map(\.service.description).joined(separator: ", ")), \(receipt.objects) objects held"
        case .recorded: "recorded"
        case .failed(let error): "failed: \(error)"
        case .lost: "the node was lost"
        case .cancelled: "cancelled"
        }
    }
}

extension RestoreSaga.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .checked(_, _, let warnings): "checked\(Self.count(warnings))"
        case .claimed(let number): "claimed the destination, claim \(number)"
        case .safe: "the safety backup is complete"
        case .staged(let services, let warnings):
            "staged \(services.map(\.service.description).joined(separator: ", "))\(Self.count(warnings))"
        case .verified: "verified what was staged"
        case .swapped(.new, _, let warnings): "swapped: the new content is live\(Self.count(warnings))"
        case .swapped(.old, let reason, _):
            "not swapped, the old content is live: \(reason?.message ?? "no reason given")"
        case .confirmed: "confirmed"
        case .released(let undoUntil):
            "released the destination; the old content is \(undoUntil.map { "kept until \($0)" } ?? "not kept")"
        case .windowClosed: "the undo window has closed"
        case .cleaned: "dropped the old content"
        case .takenOver(let job): "restore \(job) has taken over the old content"
        case .givenBack: "the old content was given back"
        case .unwound: "dropped what was staged"
        case .failed(let error): "failed: \(error)"
        case .lost: "the node was lost"
        case .cancelled: "cancelled"
        case .resumed: "resumed by a person"
        }
    }

    private static func count(_ warnings: Warnings) -> String {
        warnings.count == 0 ? "" : ", \(warnings.count) warning\(warnings.count == 1 ? "" : "s")"
    }
}

extension VerifyMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .verified(let report): "read \(report.objects) objects, found \(report.problems.count) problems"
        case .failed(let error): "failed: \(error)"
        case .lost: "the node was lost"
        case .cancelled: "cancelled"
        }
    }
}

extension FileRestoreMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .claimed: "the destination is reserved"
        case .placed(let report): "put to its place: \(report.counts.files) files, \(report.counts.bytes) bytes"
        case .tidied: "nothing is left beside"
        case .failed(let error): "failed: \(error)"
        case .lost: "the node was lost"
        case .cancelled: "cancelled"
        }
    }
}

extension CollectMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .marked(let backups): "marked \(backups) backups as removed"
        case .buried(let tombstones): "stored \(tombstones) tombstones"
        case .rewritten(nil, let problems): "no shard was rewritten\(Self.text(problems))"
        case .rewritten(let rewriting?, let problems):
            "rewrote \(rewriting.shards) shards with \(rewriting.deadBytes) dead bytes and \(rewriting.lists) lists"
                + Self.text(problems)
        case .retired(let lists, let problems): "gave up \(lists) reference lists\(Self.text(problems))"
        case .condemned(let shards, _, let backups):
            "condemned \(shards) shards; backups that began before: \(backups.count)"
        case .settled: "every backup that began before has ended"
        case .deleted(let report): "deleted \(report.objects) objects of \(report.bytes) bytes"
        case .failed(let error): "failed: \(error)"
        case .lost: "a node was lost"
        case .cancelled: "cancelled"
        }
    }
}

extension CollectMachine.Event {
    private static func text(_ problems: [String]) -> String {
        problems.isEmpty ? "" : "; \(problems.joined(separator: "; "))"
    }
}

extension DownloadMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .prepared(let file): "prepared \(file.content): \(file.bytes) bytes, SHA-256 \(file.sha256)"
        case .published: "the links work"
        case .failed(let error): "failed: \(error)"
        case .lost: "the node was lost"
        case .cancelled: "cancelled"
        }
    }
}
