package import HoldfastCatalog
package import HoldfastModel

/// The environments' actors, by name, and the look-up of their records.
package actor Environments {
    private let catalog: any Catalog
    private var actors: [EnvironmentReference: EnvironmentActor] = [:]

    package init(catalog: any Catalog) { self.catalog = catalog }

    package subscript(_ reference: EnvironmentReference) -> EnvironmentActor {
        if let actor = actors[reference] { return actor }
        let actor = EnvironmentActor()
        actors[reference] = actor
        return actor
    }

    /// - Throws: `notFound`.
    package nonisolated func record(_ reference: EnvironmentReference) async throws -> Stored<Environment> {
        guard let stored = try await catalog.get(Environment.self, reference) else {
            throw HoldfastError(
                .notFound, "There is no environment \(reference): `holdfast environment list` shows those there are")
        }
        return stored
    }
}
