import Foundation
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Shards that the disk can't read any more.
@Suite(.enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct UnreadableShardTests {
    /// All of them are listed, not only the first; and it is the disk that is blamed, not the bytes.
    @Test func aVerificationListsWhatCannotBeRead() async throws {
        let shop = try await Shop()
        let backup = try await shop.capture(Worker(shop.resources))
        let disk = UnreadableDisk(disk: shop.resources.disk, prefix: "objects/shard/")
        var resources = shop.resources
        resources.store = try await ObjectStore(
            node: Fixture.node, disk: UnlockedDisk(disk: disk), time: RealTime(), configuration: .init(reserveBytes: 0))
        let report = try await Worker(resources).verify(
            VerifyBackup(
                project: Fixture.project, keys: shop.keys.serialized,
                parts: backup.parts.map {
                    .init(service: $0.service, manifest: $0.manifest, references: $0.references)
                }, terms: shop.terms))
        for service in ["database", "media"] {
            #expect(report.problems.contains { $0.hasPrefix(service) && $0.contains("Input/output") }, "\(report)")
        }
        await shop.remove()
    }
}

/// A disk with files that can be opened and not read.
private struct UnreadableDisk: ForwardingDisk {
    let disk: any Disk
    let prefix: String

    func openForReading(_ path: String) async throws -> any DiskFile {
        let file = try await disk.openForReading(path)
        return path.hasPrefix(prefix) ? UnreadableFile(file: file) : file
    }
}

private struct UnreadableFile: DiskFile {
    let file: any DiskFile

    func append(_ bytes: [UInt8]) async throws { try await file.append(bytes) }
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        throw HoldfastError(.inputOutput, "Can't read the file: Input/output error")
    }
    func sync() async throws { try await file.sync() }
    func close() async { await file.close() }
}

/// For a second store in one process over one directory.
private struct UnlockedDisk: ForwardingDisk {
    let disk: any Disk
    func lock(_ path: String) -> any Sendable { 0 }
}

private protocol ForwardingDisk: Disk {
    var disk: any Disk { get }
}

extension ForwardingDisk {
    func create(_ path: String) async throws -> any DiskFile { try await disk.create(path) }
    func openForAppending(_ path: String) async throws -> any DiskFile { try await disk.openForAppending(path) }
    func openForReading(_ path: String) async throws -> any DiskFile { try await disk.openForReading(path) }
    func makeDirectory(_ path: String) async throws { try await disk.makeDirectory(path) }
    func syncDirectory(_ path: String) async throws { try await disk.syncDirectory(path) }
    func rename(_ path: String, to newPath: String) async throws { try await disk.rename(path, to: newPath) }
    func remove(_ path: String) async throws { try await disk.remove(path) }
    func list(_ directory: String) async throws -> [DiskEntry] { try await disk.list(directory) }
    func size(of path: String) async throws -> Int64? { try await disk.size(of: path) }
    func space() async throws -> DiskSpace { try await disk.space() }
    func lock(_ path: String) async throws -> any Sendable { try await disk.lock(path) }
}
