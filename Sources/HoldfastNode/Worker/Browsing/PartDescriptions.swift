import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Tells what manifests say of their parts. What can't be read is left out.
struct PartDescriptions {
    let message: DescribeParts
    let resources: WorkerResources

    func run(_ manifests: [ObjectName]) async throws -> [PartDescription] {
        try await resources.store.learn(layout: message.terms.layout.number)
        let keys = try ProjectKeys(serialized: message.keys)
        let router = resources.router(message.project, message.terms)
        var descriptions: [PartDescription] = []
        for name in manifests {
            try Task.checkCancellation()
            do {
                descriptions.append(try await describe(name, keys, router))
            } catch let error as HoldfastError
                where [.corrupt, .notFound, .unsupported, .malformed, .inputOutput, .unavailable].contains(error.code)
            {
                continue
            }
        }
        return descriptions
    }

    private func describe(
        _ name: ObjectName, _ keys: ProjectKeys, _ router: ObjectRouter
    ) async throws -> PartDescription {
        let manifest = try await ManifestReader.open(
            source: router, keys: keys, project: message.project, name: name)
        let (header, summary) = (manifest.header, manifest.summary)
        return PartDescription(
            manifest: name, backup: header.backup, service: header.service, createdAt: header.createdAt,
            environment: summary.environment, startedAt: summary.startedAt, endedAt: summary.endedAt,
            counts: summary.counts, warnings: summary.warnings, sizes: summary.sizes, notes: summary.notes)
    }
}
