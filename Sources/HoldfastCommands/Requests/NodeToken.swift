package struct NodeToken: Hashable, Codable, Sendable {
    package var validSeconds: Int

    package init(validSeconds: Int = 24 * 60 * 60) { self.validSeconds = validSeconds }
}
