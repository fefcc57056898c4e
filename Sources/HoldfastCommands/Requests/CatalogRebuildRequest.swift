/// Has the catalog take up what the nodes know and it does not.
package struct CatalogRebuildRequest: Hashable, Codable, Sendable {
    package static let usualWaitSeconds = 60

    /// How long nodes are waited for at most; less where no further one comes.
    package var waitSeconds: Int

    package init(waitSeconds: Int = usualWaitSeconds) { self.waitSeconds = waitSeconds }
}
