import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Looks into a part of a backup: only its manifest is read.
struct BackupBrowsing {
    private let manifest: ManifestReader<ObjectRouter>

    init(
        _ name: ObjectName, of project: ProjectID, keys: Secret, terms: PlacementTerms, resources: WorkerResources
    ) async throws {
        try await resources.store.learn(layout: terms.layout.number)
        manifest = try await ManifestReader.open(
            source: resources.router(project, terms), keys: try ProjectKeys(serialized: keys), project: project,
            name: name)
    }

    func tables(after: Int, limit: Int) async throws -> (tables: [BackupTable], total: Int) {
        let all = try await manifest.database().tables()
            .map { BackupTable(schema: $0.schema, name: $0.name, rows: $0.rows, bytes: $0.length) }
            .sorted { ($0.schema, $0.name) < ($1.schema, $1.name) }
        return (Array(all.dropFirst(max(0, after)).prefix(max(0, limit))), all.count)
    }

    /// - Parameter text: behind which path; escaped.
    func find(_ pattern: String, after text: String?, limit: Int) async throws -> FileSearch {
        var after: [UInt8]?
        if let text {
            guard let path = EscapedPath.path(text) else {
                throw HoldfastError(
                    .invalidArgument, "\(text.printable(limit: 80)) is not where a search goes on: begin anew")
            }
            after = path
        }
        return try await FileSearch(try PathPattern(pattern), in: manifest, after: after, limit: limit)
    }

    func files(in text: String, from place: String?, limit: Int) async throws -> DirectoryPage {
        guard var path = EscapedPath.path(text) else {
            throw HoldfastError(
                .invalidArgument, "\(text.printable(limit: 200)) is no path: a backslash itself is written \\\\")
        }
        while path.first == UInt8(ascii: "/") { path.removeFirst() }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        guard let place else { return try await DirectoryPage(of: path, in: manifest, from: nil, limit: limit) }
        let misled = HoldfastError(
            .invalidArgument, "\(place.printable(limit: 80)) is not where a page of this backup begins: begin anew")
        guard let position = ManifestPosition(text: place) else { throw misled }
        do {
            return try await DirectoryPage(of: path, in: manifest, from: position, limit: limit)
        } catch let error as HoldfastError where error.code == .corrupt {
            // The manifest may be damaged, or the place be of another one. From the beginning this can be told.
            throw misled
        }
    }
}
