import HoldfastArchive
package import HoldfastCatalog
package import HoldfastModel

/// One project: its record, and its keys while jobs need them.
package actor ProjectActor {
    package nonisolated let name: Name
    private let catalog: any Catalog
    private let clusterKey: ClusterKey
    /// The keys, opened once; a project that was made anew under the name has others.
    private var opened: (sealed: SealedSecret, keys: Secret)?

    init(name: Name, catalog: any Catalog, clusterKey: ClusterKey) {
        self.name = name
        self.catalog = catalog
        self.clusterKey = clusterKey
    }

    /// - Throws: `notFound`.
    package func record() async throws -> Stored<Project> {
        guard let stored = try await catalog.get(Project.self, name) else {
            throw HoldfastError(
                .notFound, "There is no project \(name): `holdfast project list` shows those there are")
        }
        return stored
    }

    /// The project under this name, if it is the one with this identifier.
    package func record(_ id: ProjectID) async throws -> Stored<Project> {
        let stored = try await record()
        guard stored.value.id == id else {
            throw HoldfastError(.notFound, "The project \(name) that this belongs to was removed")
        }
        return stored
    }

    /// Serialised `ProjectKeys`, for the job that needs them.
    package func keys(of project: Project) throws -> Secret {
        if let opened, opened.sealed == project.wrappedKey { return opened.keys }
        let keys = try clusterKey.open(project.wrappedKey, purpose: Self.purpose(project.id))
        opened = (project.wrappedKey, keys)
        return keys
    }

    static func purpose(_ project: ProjectID) -> String { "project-keys/\(project)" }
}
