/// One database or media store of an environment, as the catalog keeps it.
package struct Service: Hashable, Codable, Sendable {
    package var reference: ServiceReference
    package var target: Target

    package init(reference: ServiceReference, target: Target) {
        self.reference = reference
        self.target = target
    }

    package enum Target: Hashable, Codable, Sendable {
        case database(DatabaseAddress, password: SealedSecret?)
        /// The absolute path of the tree on its node.
        case media(path: String)
    }
}
