import HoldfastModel

/// Whether the catalog is being rebuilt: only then are nodes taken in that it does not know, by their certificate alone.
package actor Adoption {
    package private(set) var isOpen = false
    /// Those that were taken in since it was opened.
    private(set) var adopted: [Name] = []
    /// On the monotonic clock: when something about the nodes was last different.
    private(set) var changedAt = Duration.zero

    /// - Throws: `busy` while another rebuild is at work.
    func open(at uptime: Duration) throws(HoldfastError) {
        guard !isOpen else { throw HoldfastError(.busy, "The catalog is being rebuilt already") }
        (isOpen, adopted, changedAt) = (true, [], uptime)
    }

    func close() { isOpen = false }

    func note(_ name: Name?, at uptime: Duration) {
        if let name { adopted.append(name) }
        changedAt = uptime
    }
}
