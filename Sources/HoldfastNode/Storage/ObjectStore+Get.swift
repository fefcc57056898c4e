package import HoldfastModel

extension ObjectStore {
    package static let pieceByteCount = 1 << 18
    /// A segment, or a manifest's block, at once.
    private static let wholeByteCount = 1 << 22

    /// Bytes of the whole object.
    /// - Throws: `notFound`.
    package nonisolated func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 {
        guard let size = try await disk.size(of: Self.path(kind, name)) else {
            throw HoldfastError(.notFound, "This node does not have \(kind.rawValue) \(name)")
        }
        return size
    }

    /// Hands a range of an object over in bounded pieces; a nil length reads to the end.
    ///
    /// - Returns: the size of the whole object.
    /// - Throws: `notFound`; `invalidArgument` where the range is not within the object; `inputOutput`.
    @discardableResult
    package nonisolated func get(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?, pieceByteCount: Int = pieceByteCount,
        deliver: ([UInt8]) async throws -> Void
    ) async throws -> Int64 {
        let size = try await size(kind, name)
        guard offset >= 0, offset <= size, (length ?? 0) >= 0, (length ?? 0) <= size - offset else {
            throw HoldfastError(
                .invalidArgument,
                "\(kind.rawValue) \(name) has \(size) bytes; \(length ?? 0) from \(offset) are not within it")
        }
        let end = offset + (length ?? size - offset)
        let file = try await disk.openForReading(Self.path(kind, name))
        do {
            var position = offset
            while position < end {
                let piece = try await file.read(
                    at: position, count: Int(min(Int64(pieceByteCount), end - position)))
                guard !piece.isEmpty else {
                    throw HoldfastError(.corrupt, "\(kind.rawValue) \(name) ended early: its file was cut")
                }
                try await deliver(piece)
                position += Int64(piece.count)
            }
            await file.close()
        } catch {
            await file.close()
            throw error
        }
        return size
    }

    /// A range of an object at once.
    package nonisolated func bytes(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await get(kind, name, offset: offset, length: length, pieceByteCount: Self.wholeByteCount) { piece in
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        return bytes
    }
}

extension ObjectStore {
    /// Every object of the kind that is here, in order.
    package nonisolated func names(of kind: ObjectKind) async throws -> [ObjectName] {
        var names: [ObjectName] = []
        for directory in try await disk.list("objects/\(kind.rawValue)") where directory.isDirectory {
            names += try await disk.list("objects/\(kind.rawValue)/\(directory.name)").compactMap {
                ObjectName($0.name)
            }
        }
        return names
    }
}
