import HoldfastModel

/// What there is in a database besides what every database has, with whose it is.
///
/// Members of extensions come and go with them, as do identity columns' sequences, ranges' functions, arrays of types and the
/// like with what they belong to; none of these is listed.
struct OwnedObjects {
    struct Object: Equatable {
        /// As `pg_identify_object` says it: `table`, `function`, `large object`.
        var kind: String
        /// The name within quotes where it needs them, with its schema and arguments.
        var identity: String
        /// Only of schemas and extensions.
        var name: String?
        var owner: String
        /// The role that acts may drop it.
        var isOurs: Bool
        /// The transaction under way made it.
        var isNew: Bool
    }

    struct Extension: Equatable {
        var name: String
        var schema: String
        /// Our own, and one that our role may make again.
        var isReplaceable: Bool
    }

    private(set) var objects: [Object] = []
    private(set) var extensions: [Extension] = []

    init(objects: [Object], extensions: [Extension]) { (self.objects, self.extensions) = (objects, extensions) }

    static func read(_ session: PostgresSession, _ actor: InPlaceActor) async throws -> OwnedObjects {
        // Owners are read where they stand: of what the server's first superuser owns there is no other record. A role may
        // act for superusers, or as the predefined roles, and what those own is still not its own.
        let objects = try await session.rows(
            """
            WITH o (class, oid, owner, made) AS (\(sources)), \
            l AS MATERIALIZED (SELECT * FROM o WHERE (o.oid >= 16384 \
            OR o.class = 'pg_catalog.pg_largeobject'::pg_catalog.regclass) AND NOT EXISTS (SELECT FROM \
            pg_catalog.pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.objsubid = 0 \
            AND d.deptype IN ('e', 'i'))) \
            SELECT i.type, i.identity, i.name, r.rolname, \
            l.owner >= 16384 AND NOT r.rolsuper AND pg_catalog.pg_has_role($1, l.owner, 'USAGE'), \
            l.made = (pg_catalog.pg_current_xact_id_if_assigned()::xid) IS TRUE \
            FROM l JOIN pg_catalog.pg_roles r ON r.oid = l.owner, \
            LATERAL pg_catalog.pg_identify_object(l.class, l.oid, 0) i ORDER BY l.class, l.oid
            """, [actor.name]
        ).compactMap { row in
            // Dropped by somebody in this moment.
            guard let kind = row.optional(0), let identity = row.optional(1) else { return nil as Object? }
            return Object(
                kind: kind, identity: identity, name: kind == "schema" || kind == "extension" ? row.optional(2) : nil,
                owner: try row.text(3), isOurs: try row.bool(4), isNew: try row.bool(5))
        }
        let extensions = try await session.rows(
            """
            SELECT e.extname, n.nspname, e.extowner >= 16384 AND pg_catalog.pg_has_role($1, e.extowner, 'USAGE') \
            AND NOT r.rolsuper AND EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions v \
            WHERE v.name = e.extname AND (v.trusted OR NOT v.superuser)) \
            FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace \
            JOIN pg_catalog.pg_roles r ON r.oid = e.extowner WHERE e.oid >= 16384 ORDER BY 1
            """, [actor.name]
        ).map { Extension(name: try $0.text(0), schema: try $0.text(1), isReplaceable: try $0.bool(2)) }
        return OwnedObjects(objects: objects, extensions: extensions)
    }

    private static let sources = [
        ("pg_class", "relowner", "relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relpersistence <> 't'"),
        ("pg_proc", "proowner", ""),
        (
            "pg_type", "typowner",
            """
            typtype <> 'm' AND (typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c \
            WHERE c.oid = t.typrelid AND c.relkind = 'c')) \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
            """
        ),
        ("pg_namespace", "nspowner", "nspname !~ '^pg_'"),
        ("pg_operator", "oprowner", ""), ("pg_opclass", "opcowner", ""), ("pg_opfamily", "opfowner", ""),
        ("pg_collation", "collowner", ""), ("pg_conversion", "conowner", ""), ("pg_ts_config", "cfgowner", ""),
        ("pg_ts_dict", "dictowner", ""), ("pg_statistic_ext", "stxowner", ""),
        ("pg_foreign_data_wrapper", "fdwowner", ""), ("pg_foreign_server", "srvowner", ""),
        ("pg_event_trigger", "evtowner", ""), ("pg_publication", "pubowner", ""), ("pg_language", "lanowner", ""),
        ("pg_extension", "extowner", ""), ("pg_largeobject_metadata", "lomowner", ""),
        ("pg_default_acl", "defaclrole", ""),
        // Only superusers make these, and they have no owner.
        ("pg_am", "10::oid", ""), ("pg_ts_parser", "10::oid", ""), ("pg_ts_template", "10::oid", ""),
    ].map { catalog, owner, condition in
        // Large objects go by the class of their pages.
        let label = catalog == "pg_largeobject_metadata" ? "pg_largeobject" : catalog
        return """
            SELECT 'pg_catalog.\(label)'::pg_catalog.regclass::oid, t.oid, \(owner), t.xmin FROM pg_catalog.\(catalog) t\
            \(condition.isEmpty ? "" : " WHERE \(condition)")
            """
    }.joined(separator: " UNION ALL ")

    // MARK: What stays

    /// Those that our role could not make again, and whoever wants them has them already.
    var keptExtensions: [Extension] { extensions.filter { !$0.isReplaceable } }

    /// Schemas that go on being where a kept extension lives, and the one that every database has.
    var keptSchemas: Set<String> { Set(keptExtensions.map(\.schema)).union(["public"]) }

    private func isKept(_ object: Object) -> Bool {
        switch object.kind {
        case "schema": object.name.map(keptSchemas.contains) ?? false
        case "extension": keptExtensions.contains { $0.name == object.name }
        default: false
        }
    }

    /// What others own, and would remain in a content that it does not belong to. Their default rights are about what they
    /// will make, and no content.
    var foreign: [Object] { objects.filter { !$0.isOurs && !isKept($0) && $0.kind != "default acl" } }

    /// What is to go.
    var replaced: [Object] { objects.filter { $0.isOurs && !isKept($0) } }

    var foreignSchemas: Set<String> {
        Set(objects.filter { $0.kind == "schema" && !$0.isOurs }.compactMap(\.name))
    }

    // MARK: Dropping

    /// Drops what is replaced, in an order in which nothing that is still to come is needed by what has its own
    /// statement. Each may find that an earlier one took it along.
    var drops: [String] {
        replaced.compactMap { object in Self.place(object.kind).map { (object, $0) } }.sorted { $0.1 < $1.1 }
            .compactMap { object, _ in
                Self.word(object.kind).map { "DROP \($0) IF EXISTS \(object.identity) CASCADE" }
            }
    }

    /// Tables go before what their indexes are made with: a server that drops an extension along with an index that uses it
    /// may find the index already without its operators. A sequence may belong to a table's column.
    private static func place(_ kind: String) -> Int? {
        switch kind {
        case "publication": 0
        case "view", "materialized view": 1
        case "foreign table": 2
        case "table": 3
        case "schema": 4
        case "extension": 5
        case "large object", "default acl": nil
        default: 6
        }
    }

    private static func word(_ kind: String) -> String? {
        switch kind {
        case "function", "procedure", "aggregate": "ROUTINE"
        case "statistics object": "STATISTICS"
        case "foreign-data wrapper": "FOREIGN DATA WRAPPER"
        case "domain", "composite type": "TYPE"
        default: kind.uppercased()
        }
    }

    /// For people: the first few by name.
    static func names(_ objects: [Object]) -> String {
        let list = objects.prefix(10).map { object in
            "\(object.kind) \(object.identity.printable(limit: 130)) of \(object.owner.printable())"
        }.joined(separator: ", ")
        return objects.count > 10 ? "\(list) and \(objects.count - 10) more" : list
    }
}
