import Crypto
import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ProjectRecordTests {
    private static let entropy = SeededEntropy(3)
    private static let key = ClusterKey(generatedFrom: entropy)

    private static func record() throws -> ProjectRecord {
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let name = try Name("shop")
        let project = Project(
            id: Samples.project, name: name, createdAt: now,
            policy: PlacementPolicy(name: try Name("default"), copies: 2, regions: 1),
            wrappedKey: SealedSecret(sealed: "AQ=="))
        let live = try EnvironmentReference("shop/live")
        let address = DatabaseAddress(
            host: "db.example.org", port: 5432, database: "shop", user: "shop", sslMode: "prefer")
        let environment = Environment(
            reference: live, createdAt: now,
            services: [
                Service(
                    reference: ServiceReference(.database),
                    target: .database(address, password: SealedSecret(sealed: "Ag==")))
            ])
        var schedule = Schedule(
            environment: live, project: project.id, author: "anna", createdAt: now, timing: .preset(.daily),
            zone: "UTC", jitterSeconds: 60)
        schedule.next = Schedule.Run(dueAt: now, startsAt: now)
        return ProjectRecord(project: project, environments: [environment], schedules: [schedule])
    }

    private static func sealed(_ version: UInt64 = 7) throws -> SealedProjectRecord {
        try SealedProjectRecord(try record(), version: version, key: key, entropy: entropy)
    }

    @Test func comesBack() throws {
        let sealed = try Self.sealed()
        let read = try SealedProjectRecord(decoding: sealed.bytes)
        #expect(read == sealed && read.version == 7 && read.project == Samples.project)
        #expect(try read.open(with: Self.key) == Self.record())
        // Of a schedule only what people said: its runs would make a new version each time.
        #expect(try read.open(with: Self.key).schedules.allSatisfy { $0.next == nil })
        let text = String(decoding: sealed.bytes, as: UTF8.self)
        #expect(!text.contains("shop") && !text.contains("db.example"))
    }

    @Test func everyDamageIsFound() throws {
        let bytes = try Self.sealed().bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(throws: HoldfastError.self) { try SealedProjectRecord(decoding: flipped) }
            }
            #expect(throws: HoldfastError.self) { try SealedProjectRecord(decoding: Array(bytes[..<index])) }
        }
        #expect(throws: HoldfastError.self) { try SealedProjectRecord(decoding: bytes + [0]) }
    }

    /// A sum is soon computed anew; the seal is not.
    @Test func nobodyCanMakeItAnotherVersionOrProject() throws {
        let bytes = try Self.sealed().bytes
        for index in 10..<30 {
            var changed = Array(bytes.dropLast(32))
            changed[index] = changed[index] == UInt8(ascii: "2") ? UInt8(ascii: "3") : UInt8(ascii: "2")
            let forged = try SealedProjectRecord(decoding: changed + Array(SHA256.hash(data: changed)))
            #expect(throws: HoldfastError.self) { try forged.open(with: Self.key) }
        }
        let other = ClusterKey(generatedFrom: SeededEntropy(4))
        #expect(throws: HoldfastError.self) { try Self.sealed().open(with: other) }
    }

    @Test func whatIsNotTheProjectsOwnIsRefused() throws {
        var record = try Self.record()
        record.environments[0].reference = try EnvironmentReference("blog/live")
        let sealed = try SealedProjectRecord(record, version: 1, key: Self.key, entropy: Self.entropy)
        #expect(throws: HoldfastError.self) { try sealed.open(with: Self.key) }
    }

    @Test func aChangeIsNoticed() throws {
        var record = try Self.record()
        let digest = try SealedProjectRecord.digest(of: record)
        #expect(try SealedProjectRecord.digest(of: Self.record()) == digest)
        record.environments[0].undoWindowSeconds += 1
        #expect(try SealedProjectRecord.digest(of: record) != digest)
    }
}
