import HoldfastModel

extension Office {
    /// What others wrote at the same time is looked at anew.
    ///
    /// - Throws: `conflict` where something was in the way eight times in a row.
    func retryingConflicts<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 1..<8 {
            do {
                return try await body()
            } catch let error as HoldfastError where error.code == .conflict {
                continue
            }
        }
        return try await body()
    }
}
