import HoldfastModel

/// What of a dump goes into a database whose content is replaced in place, and in whose name.
struct InPlaceLoad {
    let actor: InPlaceActor
    let plan: LoadPlan
    let serverMajor: Int
    private let contents: [DumpEntry]
    private let keptExtensions: [String]

    var assumeRole: String { "SET LOCAL ROLE \(SQL.identifier(actor.name))" }

    static func read(_ session: PostgresSession, _ contents: DumpContents) async throws -> InPlaceLoad {
        let actor = try await InPlaceActor.read(session)
        let objects = try await OwnedObjects.read(session, actor)
        let roles = try await session.rows(
            "SELECT rolname, pg_catalog.pg_has_role($1, oid, 'USAGE') FROM pg_catalog.pg_roles", [actor.name])
        var foreign = objects.foreignSchemas
        // It has been there since before there were objects of anybody's own.
        if try await !PublicSchema.read(session, actor).isOurs { foreign.insert("public") }
        let kept = objects.keptExtensions
        let destination = LoadPlan.Destination(
            isSuperuser: false, owner: actor.name, ownerIsSuperuser: false,
            ownerActsAs: Set(try roles.filter { try $0.bool(1) }.map { try $0.text(0) }),
            roles: Set(try roles.map { try $0.text(0) }), serverMajor: session.serverMajor,
            keptExtensions: Set(kept.map(\.name)), keptSchemas: Set(kept.map(\.schema)), foreignSchemas: foreign)
        return InPlaceLoad(
            actor: actor, plan: LoadPlan(contents: contents.entries, destination: destination),
            serverMajor: session.serverMajor, contents: contents.entries, keptExtensions: kept.map(\.name))
    }

    /// What would stop the load, as far as the dump's contents tell.
    func problem(_ session: PostgresSession) async throws -> HoldfastError? {
        if let shortage = try await LockBudget.read(session).shortage(for: contents) {
            return HoldfastError(.checkFailed, "\(session.address): \(shortage)")
        }
        // Rows that the old content added to an extension's own tables can't be told from those of the new.
        let filled = Set(contents.filter { $0.kind == "TABLE DATA" }.map { [$0.schema ?? "", $0.tag] })
        let shared = try await session.rows(
            """
            SELECT n.nspname, c.relname, e.extname FROM pg_catalog.pg_depend d \
            JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_extension'::regclass \
            JOIN pg_catalog.pg_class c ON c.oid = d.objid AND d.classid = 'pg_catalog.pg_class'::regclass \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE d.deptype = 'e' ORDER BY 1, 2
            """
        ).first { row in
            let name = [try row.text(0), try row.text(1)]
            let owner = try row.text(2)
            return filled.contains(name) && keptExtensions.contains(owner)
        }
        guard let shared else { return nil }
        return HoldfastError(
            .unsupported,
            """
            \(session.address): the backup has rows of \(try shared.text(0)).\(try shared.text(1)), a table of the \
            extension \(try shared.text(2)), which stays as it is because the role may not make it: let the role create \
            databases
            """)
    }
}
