/// What was captured of one service.
package struct BackupPart: Hashable, Codable, Sendable {
    package var service: ServiceReference
    package var manifest: ObjectName
    package var references: ObjectName
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var sizes: PartSizes
    package var counts: Counts
    package var warnings: Warnings

    package enum Counts: Hashable, Codable, Sendable {
        case database(DatabaseCounts)
        case media(MediaCounts)
    }

    package init(
        service: ServiceReference, manifest: ObjectName, references: ObjectName, startedAt: Timestamp,
        endedAt: Timestamp, sizes: PartSizes, counts: Counts, warnings: Warnings
    ) {
        self.service = service
        self.manifest = manifest
        self.references = references
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.sizes = sizes
        self.counts = counts
        self.warnings = warnings
    }
}

// Written as `{"database": {…}}` or `{"media": {…}}`: scripts read this.
extension BackupPart.Counts {
    private enum CodingKeys: String, CodingKey {
        case database, media
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let counts = try container.decodeIfPresent(DatabaseCounts.self, forKey: .database) {
            self = .database(counts)
        } else {
            self = .media(try container.decode(MediaCounts.self, forKey: .media))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .database(let counts): try container.encode(counts, forKey: .database)
        case .media(let counts): try container.encode(counts, forKey: .media)
        }
    }
}

/// How much a part holds and what storing it took.
package struct PartSizes: Hashable, Codable, Sendable {
    /// Bytes of the dump, or of all file contents.
    package var logicalBytes: Int64 = 0
    /// Bytes of chunks that no earlier backup had.
    package var newBytes: Int64 = 0
    /// Bytes of the shards written for them, compressed and encrypted.
    package var storedBytes: Int64 = 0
    /// Bytes read from the service.
    package var readBytes: Int64 = 0

    package init() {}

    package mutating func add(_ other: PartSizes) {
        logicalBytes = logicalBytes.addingClamped(other.logicalBytes)
        newBytes = newBytes.addingClamped(other.newBytes)
        storedBytes = storedBytes.addingClamped(other.storedBytes)
        readBytes = readBytes.addingClamped(other.readBytes)
    }
}

package struct DatabaseCounts: Hashable, Codable, Sendable {
    package var serverVersion: String
    package var tables: Int
    package var rows: Int64
    package var largeObjects: Int

    package init(serverVersion: String, tables: Int, rows: Int64, largeObjects: Int) {
        self.serverVersion = serverVersion
        self.tables = tables
        self.rows = rows
        self.largeObjects = largeObjects
    }
}

package struct MediaCounts: Hashable, Codable, Sendable {
    package var files: Int64 = 0
    package var directories: Int64 = 0
    package var symbolicLinks: Int64 = 0
    /// Further names of a file that was already counted.
    package var hardLinks: Int64 = 0
    /// Sockets, FIFOs and devices.
    package var others: Int64 = 0
    package var bytes: Int64 = 0

    package init() {}
}

extension BackupPart {
    /// Lists no more warnings of all the parts of a backup than one part may have. The room that some don't need is the
    /// others'.
    package static func limitWarnings(of parts: inout [BackupPart]) {
        var (room, left) = (Warnings.room, parts.count)
        for index in parts.indices.sorted(by: { parts[$0].warnings.bytes < parts[$1].warnings.bytes }) {
            parts[index].warnings.limit(to: room / left)
            room -= parts[index].warnings.bytes
            left -= 1
        }
    }
}
