import HoldfastModel

@testable import HoldfastPostgres

/// Small dumps in PostgreSQL's custom format, written by hand: none needs a server.
enum DumpSamples {
    static let connectionStrings = [
        "postgresql://shop:s3cret@db.example:5432/shop?sslmode=require", "host=/tmp dbname=a user=b",
        "host=db port=5433 dbname='a b' user=c password=d\\'e",
    ].map { Array($0.utf8) }

    static let statements = [
        "GRANT SELECT ON TABLE public.a TO \"Rea\"\"der\";\nREVOKE ALL ON TABLE public.a FROM PUBLIC;\n",
        "SET SESSION AUTHORIZATION boss;\nALTER DEFAULT PRIVILEGES FOR ROLE a GRANT ALL ON TABLES TO b GRANTED BY c;",
        "CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA \"x y\";", "'it''s', \"$user\", public",
    ].map { Array($0.utf8) }

    static let scripts = [
        "SET a = 'it''s';\nCOPY public.t (a) FROM stdin;\n1\t\\N\n\\.\n\nSELECT E'a\\'' -- x;\n 'b', \"c;\";\n",
        "\\connect shop\n/* a /* b; */ */ CREATE FUNCTION f() RETURNS int AS $x$ ; $$ $x$ LANGUAGE sql;\n",
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; END;\n",
        "SET standard_conforming_strings = off;\nSELECT '\\'; ', $1;\nCREATE RULE r AS ON INSERT TO t DO (a; b);\n",
    ].map { [6] + Array($0.utf8) }

    static let serverMessages = [
        "FATAL:  28P01: password authentication failed for user \"a\"\nLOCATION:  auth_failed, auth.c:1\n",
        "ERROR:  permission denied for table a", "could not connect to server: Connection refused",
        "FATAL:  database \"a\" does not exist", "ERROR:  53100: could not extend file: No space left on device",
    ].map { Array($0.utf8) }

    static let address = DatabaseAddress(host: "db", port: 5432, database: "shop", user: "shop", sslMode: "prefer")

    static let destination = LoadPlan.Destination(
        isSuperuser: false, owner: "shop", ownerIsSuperuser: false, ownerActsAs: ["shop"], roles: ["shop", "reader"],
        serverMajor: 15)

    static var dumps: [[UInt8]] { [12, 14, 16].map { [6] + dump(minor: $0) } }

    private static func integer(_ value: Int32) -> [UInt8] {
        [value < 0 ? 1 : 0] + withUnsafeBytes(of: value.magnitude.littleEndian) { Array($0) }
    }

    private static func string(_ text: String?) -> [UInt8] {
        text.map { integer(Int32($0.utf8.count)) + Array($0.utf8) } ?? integer(-1)
    }

    /// Entries whose statements are looked into.
    private static let others = [
        ("ENCODING", "ENCODING", "SET client_encoding = 'LATIN1';\n"),
        ("SCHEMA", "ext", "CREATE SCHEMA ext;\n"),
        ("EXTENSION", "hstore", "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA ext;\n"),
        ("COMMENT", "EXTENSION hstore", "COMMENT ON EXTENSION hstore IS 'x';\n"),
        ("ACL", "TABLE orders", "GRANT SELECT ON TABLE public.orders TO reader;\n"),
        ("DEFAULT ACL", "DEFAULT PRIVILEGES", "ALTER DEFAULT PRIVILEGES FOR ROLE shop REVOKE ALL ON TABLES FROM x;\n"),
        ("EVENT TRIGGER", "e", "CREATE EVENT TRIGGER e;\n"), ("PUBLICATION", "p", "CREATE PUBLICATION p;\n"),
        ("SECURITY LABEL", "TABLE orders", "SECURITY LABEL ON TABLE orders IS 'x';\n"),
    ]

    private static func dump(minor: UInt8) -> [UInt8] {
        var bytes = Array("PGDMP".utf8) + [1, minor, 0, 4, 8, 1]
        bytes += minor >= 15 ? [0] : integer(0)
        for value in [1, 2, 3, 4, 5, 126, 0] as [Int32] { bytes += integer(value) }
        bytes += string("shop") + string("15.4") + string("15.4") + integer(Int32(3 + others.count))
        bytes += entry(1, "EXTENSION", "pgcrypto", minor, copy: nil, hasData: false)
        for (number, other) in others.enumerated() {
            bytes += entry(10 + Int32(number), other.0, other.1, minor, copy: nil, hasData: false, other.2)
        }
        bytes += entry(2, "TABLE DATA", "orders", minor, copy: "COPY public.orders FROM stdin;\n", hasData: true)
        bytes += entry(3, "BLOBS", "BLOBS", minor, copy: nil, hasData: true)
        let rows = Array("1\ta\n2\tb\n\\.\n\n\n".utf8)
        bytes += [1] + integer(2) + integer(Int32(rows.count)) + rows + integer(0)
        bytes += [3] + integer(3) + integer(16400) + integer(2) + [7, 8] + integer(0) + integer(0)
        return bytes
    }

    private static func entry(
        _ id: Int32, _ kind: String, _ tag: String, _ minor: UInt8, copy: String?, hasData: Bool,
        _ definition: String = "CREATE"
    ) -> [UInt8] {
        var bytes = integer(id) + integer(hasData ? 1 : 0) + string("0") + string("0") + string(tag) + string(kind)
        bytes += integer(2) + string(definition) + string("DROP") + string(copy) + string("public") + string(nil)
        if minor >= 14 { bytes += string("heap") }
        if minor >= 16 { bytes += integer(114) }
        bytes += string("owner") + string("false") + string("1") + string(nil)
        return bytes + [hasData ? 2 : 3] + [UInt8](repeating: 0, count: 8)
    }
}
