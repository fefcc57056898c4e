package import HoldfastModel

extension MediaCapture {
    /// The pass after a database's snapshot. Reads only what changed since the first pass and keeps what a row of the
    /// snapshot may name: what has vanished since, and the earlier content of what has changed.
    ///
    /// `first` are the entries of the first pass, stored in this same backup, and `firstStart` when that pass began.
    /// Beyond the walk's, memory is that of the entries which changed between the passes.
    package func captureAgain(after first: any EntrySource, startedAt firstStart: Timestamp) async throws -> Outcome {
        let second = SecondPass(self, first, firstStart)
        return try await pass(visit: second.visit, atEnd: second.finish)
    }
}
