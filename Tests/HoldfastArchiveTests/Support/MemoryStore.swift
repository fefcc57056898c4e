import HoldfastArchive
import HoldfastModel
import Synchronization

/// Stored objects in memory, and what was read of them.
final class MemoryStore: ObjectSink, ObjectSource {
    private let objects = Mutex<[ObjectName: SealedObject]>([:])
    private let readCount = Mutex(0)

    func put(_ object: SealedObject) async throws { objects.withLock { $0[object.name] = object } }

    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
        readCount.withLock { $0 += 1 }
        let bytes = try object(kind, name).bytes
        guard offset >= 0, Int(offset) <= bytes.count else { throw HoldfastError(.corrupt, "too short") }
        return Array(bytes[Int(offset)...].prefix(length.map(Int.init) ?? bytes.count))
    }

    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 {
        Int64(try object(kind, name).bytes.count)
    }

    var reads: Int { readCount.withLock { $0 } }
    var shardNames: [ObjectName] { objects.withLock { $0.values.filter { $0.kind == .shard }.map(\.name).sorted() } }

    func object(_ kind: ObjectKind, _ name: ObjectName) throws -> SealedObject {
        guard let object = objects.withLock({ $0[name] }), object.kind == kind else {
            throw HoldfastError(.notFound, "no \(kind.rawValue) \(name)")
        }
        return object
    }

    /// Puts other bytes under the same name, as a disk that rots would.
    func replace(_ name: ObjectName, bytes: [UInt8]) {
        objects.withLock { objects in
            guard let old = objects[name] else { return }
            objects[name] = SealedObject(kind: old.kind, name: name, bytes: bytes)
        }
    }

    func remove(_ name: ObjectName) { _ = objects.withLock { $0.removeValue(forKey: name) } }
}
