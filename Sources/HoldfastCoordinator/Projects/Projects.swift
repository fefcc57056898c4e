package import HoldfastArchive
package import HoldfastCatalog
package import HoldfastModel

/// The projects' actors, by name.
package actor Projects {
    private let catalog: any Catalog
    private let clusterKey: ClusterKey
    private var actors: [Name: ProjectActor] = [:]

    package init(catalog: any Catalog, clusterKey: ClusterKey) {
        self.catalog = catalog
        self.clusterKey = clusterKey
    }

    package subscript(_ name: Name) -> ProjectActor {
        if let actor = actors[name] { return actor }
        let actor = ProjectActor(name: name, catalog: catalog, clusterKey: clusterKey)
        actors[name] = actor
        return actor
    }

    /// The project is gone, and with it the keys that its actor had opened.
    func forget(_ name: Name) { actors[name] = nil }
}
