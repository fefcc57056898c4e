import HoldfastModel

/// The highest epoch a node obeyed, in the file `epoch`.
struct EpochRecord: Codable, Sendable {
    static let path = "epoch"

    var version = 1
    var epoch: Epoch

    init(epoch: Epoch) { self.epoch = epoch }

    /// - Throws: `corrupt`: starting from nothing would obey a deposed leader.
    static func read(from disk: any Disk) async throws -> EpochRecord? {
        try await StateFile.read(EpochRecord.self, version: 1, at: path, on: disk)
    }
}
