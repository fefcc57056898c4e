import HoldfastPostgres
import HoldfastTestKit

/// A database with a bit of everything that makes a dump hard to read or to load.
enum SampleDatabase {
    static let sql = #"""
        CREATE SCHEMA "Odd ""Name""";
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, mood mood, note text);
        INSERT INTO customers (name, note)
            SELECT 'customer ' || n, E'line\nbreak \\ back\\\\slash \\. tab\t cr\r' FROM generate_series(1, 1000) n;
        """#

    static let more = #"""
        CREATE TABLE dots (t text);
        INSERT INTO dots VALUES (E'\\.'), (E'\\.\n'), (''), (NULL), (E'\n'), (repeat('long ', 50000));
        CREATE TABLE empty (id int);
        CREATE TABLE nothing ();
        INSERT INTO nothing DEFAULT VALUES;
        INSERT INTO nothing DEFAULT VALUES;
        CREATE TABLE "Odd ""Name"""."Ünï ""cödé"" 😀" (id int PRIMARY KEY, data bytea);
        INSERT INTO "Odd ""Name"""."Ünï ""cödé"" 😀" SELECT n, decode(md5(n::text), 'hex') FROM generate_series(1, 50) n;
        CREATE TABLE orders (id int, at date, note text) PARTITION BY RANGE (at);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        INSERT INTO orders SELECT n, '2025-06-01'::date + n, 'order' FROM generate_series(1, 365) n;
        CREATE TABLE parent (id int);
        CREATE TABLE child (extra text) INHERITS (parent);
        INSERT INTO parent VALUES (1), (2);
        INSERT INTO child VALUES (3, 'three');
        CREATE VIEW happy AS SELECT * FROM customers WHERE mood = 'happy';
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM customers;
        CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
        CREATE INDEX ON customers (name);
        SELECT lo_from_bytea(0, 'one'), lo_from_bytea(0, 'two'), lo_from_bytea(0, convert_to(repeat('x', 5000), 'UTF8'));
        """#

    /// Makes a database whose name no other test has.
    static func create(
        _ name: String, on server: ThrowawayPostgres, owner: String? = nil, large: Bool = true
    ) async throws {
        try await server.sql(
            "CREATE DATABASE \"\(name)\" TEMPLATE template0 \(owner.map { "OWNER \"\($0)\"" } ?? "")")
        let role = owner.map { "SET ROLE \"\($0)\";\n" } ?? ""
        try await server.sql(role + sql + "\n" + (large ? more : ""), in: name)
    }

    static func role(_ name: String, _ attributes: String = "LOGIN PASSWORD 'sesame'", on server: ThrowawayPostgres)
        async throws
    {
        try await server.sql("CREATE ROLE \"\(name)\" \(attributes)")
    }
}
