extension Optional where Wrapped: Sendable {
    /// `map` for what takes a while.
    func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
