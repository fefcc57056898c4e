import HoldfastModel
import Testing

/// A backup from what its manifests say of it.
@Suite struct BackupNotesTests {
    private let time = Timestamp(milliseconds: 1_790_000_000_123)

    private func id<Of>(_ text: String) throws -> ID<Of> { try #require(ID<Of>(text)) }

    private func project() throws -> Project {
        Project(
            id: try id("000000000001"), name: try Name("shop"), createdAt: time,
            policy: PlacementPolicy(name: try Name("p"), copies: 1, regions: 1), wrappedKey: SealedSecret(sealed: ""))
    }

    private func backup() throws -> Backup {
        var backup = Backup(
            id: try id("000000000002"), project: try project().id, environment: try EnvironmentReference("shop/live"),
            job: try id("000000000003"), trigger: .scheduled,
            services: [ServiceReference(.database), ServiceReference(.media)], note: "before the sale", author: "anna",
            createdAt: time)
        backup.firstLabel = .daily
        backup.parts = backup.services.enumerated().map { index, service in
            BackupPart(
                service: service, manifest: name(index), references: name(index + 10),
                startedAt: time.advanced(by: .seconds(index)), endedAt: time.advanced(by: .seconds(10 + index)),
                sizes: PartSizes(), counts: .media(MediaCounts()), warnings: Warnings())
        }
        backup.state = .complete
        backup.endedAt = backup.parts.map(\.endedAt).max()
        return backup
    }

    private func name(_ number: Int) -> ObjectName { ObjectName(bytes: [UInt8](repeating: UInt8(number), count: 32)) }

    private func descriptions(of backup: Backup) -> [PartDescription] {
        backup.parts.map { part in
            PartDescription(
                manifest: part.manifest, backup: backup.id, service: part.service, createdAt: part.startedAt,
                environment: backup.environment, startedAt: part.startedAt, endedAt: part.endedAt, counts: part.counts,
                warnings: part.warnings, sizes: part.sizes, notes: backup.notes)
        }
    }

    private func rebuilt(_ descriptions: [PartDescription], of backup: Backup) throws -> Backup {
        let references = Dictionary(uniqueKeysWithValues: backup.parts.map { ($0.manifest, $0.references) })
        return try Backup(
            describedBy: descriptions, references: references, project: try project(), job: try id("000000000009"))
    }

    @Test func isTheSameAgain() throws {
        let backup = try backup()
        #expect(try rebuilt(descriptions(of: backup).reversed(), of: backup) == backup)
    }

    @Test func withoutAPartItIsNone() throws {
        let backup = try backup()
        for index in backup.parts.indices {
            var parts = descriptions(of: backup)
            parts.remove(at: index)
            let error = #expect(throws: HoldfastError.self) { try rebuilt(parts, of: backup) }
            #expect(error?.message.contains("\(backup.services[index])") == true)
        }
        #expect(throws: HoldfastError.self) { try rebuilt([], of: backup) }
    }

    @Test func contradictionsAreNoBackup() throws {
        let backup = try backup()
        var parts = descriptions(of: backup)
        parts[1].notes["note"] = "another"
        #expect(throws: HoldfastError.self) { try rebuilt(parts, of: backup) }
        parts = descriptions(of: backup)
        parts[1].service = parts[0].service
        #expect(throws: HoldfastError.self) { try rebuilt(parts, of: backup) }
        parts = descriptions(of: backup)
        parts[0].environment = try EnvironmentReference("blog/live")
        parts[1].environment = parts[0].environment
        #expect(throws: HoldfastError.self) { try rebuilt(parts, of: backup) }
        parts[0].environment = nil
        #expect(throws: HoldfastError.self) { try rebuilt(parts, of: backup) }
    }

    /// From before manifests said so much.
    @Test func earlyManifestsAreReadToo() throws {
        var backup = try backup()
        let parts = descriptions(of: backup).map { part in
            var part = part
            part.notes = ["trigger": "scheduled", "author": "anna", "note": "before the sale"]
            return part
        }
        (backup.firstLabel, backup.job) = (nil, try id("000000000009"))
        #expect(try rebuilt(parts, of: backup) == backup)
    }
}
