import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Tells how two parts differ: only their manifests are read.
struct PartComparison {
    let message: CompareParts
    let resources: WorkerResources

    func run() async throws -> PartDifference {
        try await resources.store.learn(layout: message.terms.layout.number)
        let keys = try ProjectKeys(serialized: message.keys)
        let router = resources.router(message.project, message.terms)
        let old = try await ManifestReader.open(
            source: router, keys: keys, project: message.project, name: message.old)
        let new = try await ManifestReader.open(
            source: router, keys: keys, project: message.project, name: message.new)
        return switch new.header.service.kind {
        case .media: try await files(old, new)
        case .database: try await tables(old, new)
        }
    }

    private func files(
        _ old: ManifestReader<ObjectRouter>, _ new: ManifestReader<ObjectRouter>
    ) async throws -> PartDifference {
        var after: [UInt8]?
        if let place = message.from {
            guard let path = EscapedPath.path(place) else { throw misled(place) }
            after = path
        }
        let comparison = try await MediaComparison(from: old, to: new, after: after, limit: message.limit)
        return PartDifference(
            totals: comparison.totals, files: comparison.files, next: comparison.next.map { EscapedPath.text($0) })
    }

    private func tables(
        _ old: ManifestReader<ObjectRouter>, _ new: ManifestReader<ObjectRouter>
    ) async throws -> PartDifference {
        var start = 0
        if let place = message.from {
            guard let number = Int(place), number >= 0 else { throw misled(place) }
            start = number
        }
        let comparison = try await TableComparison(from: old, to: new)
        let page = Array(comparison.tables.dropFirst(start).prefix(message.limit))
        let end = start + page.count
        return PartDifference(
            totals: comparison.totals, tables: page,
            next: page.isEmpty || end >= comparison.tables.count ? nil : "\(end)")
    }

    private func misled(_ place: String) -> HoldfastError {
        HoldfastError(
            .invalidArgument, "\(place.printable(limit: 80)) is not where a page of these backups begins: begin anew")
    }
}
