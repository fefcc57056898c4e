import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

extension CaptureWork {
    func captureDatabase(_ target: ServiceTarget) async throws -> CapturedPart {
        let login = try resources.login(target)
        let startedAt = resources.time.now
        let meter = meter
        let manifest = try DatabaseManifestWriter(
            project: message.project, backup: message.backup, service: target.service, createdAt: startedAt, keys: keys,
            entropy: resources.entropy)
        let ((sealing, dump), stored) = try await writing { writer in
            var sink = DumpChunkSink(writer, manifest) { meter.set("capture", target.service, bytes: $0) }
            let dump = try await resources.databases.dump(login, into: &sink)
            try await sink.finish()
            return (sink.manifest, dump)
        }
        var summary = ManifestSummary(
            environment: message.environment, startedAt: startedAt, endedAt: resources.time.now,
            counts: .database(dump.counts), warnings: Warnings(), sizes: PartSizes(),
            facts: try RecordedFacts.recorded(dump.facts), notes: message.notes)
        summary.sizes.logicalBytes = dump.bytes
        summary.sizes.readBytes = dump.bytes
        summary.sizes.newBytes = stored.newBytes
        summary.sizes.storedBytes = stored.storedBytes
        var writer = sealing
        let sealed = try writer.finish(tables: dump.tables, summary)
        return try complete(target, sealed, shards: Set(stored.referenced), summary)
    }
}
