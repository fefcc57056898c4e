/// Neighbouring chunks on their way to the next segment.
struct OpenSegment: Sendable {
    var bytes: [UInt8] = []
    var chunks: [ChunkReference] = []
}
