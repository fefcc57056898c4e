/// How much of a shard the parts of live backups are made of.
package struct ShardUse: Hashable, Sendable {
    package private(set) var chunks = 0
    package private(set) var neededChunks = 0
    /// Of the plain content.
    package private(set) var bytes: Int64 = 0
    package private(set) var neededBytes: Int64 = 0

    package init() {}

    package mutating func add(bytes count: UInt32, isNeeded: Bool) {
        chunks += 1
        bytes += Int64(count)
        guard isNeeded else { return }
        neededChunks += 1
        neededBytes += Int64(count)
    }

    /// Less than half of it is needed.
    package var isMostlyDead: Bool { neededBytes * 2 < bytes }
}
