import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Databases full of what is hard to dump, to name and to load, by the ordinary command line.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct HostileDatabaseTests {
    /// What a database is besides its content: the destination's own, whatever is restored into it.
    ///
    /// - Parameter hidden: settings to leave out.
    private func properties(
        _ name: String, without hidden: String = "none", _ server: ThrowawayPostgres
    ) async throws -> String {
        try await server.sql(
            """
            SELECT datdba::regrole, datacl, datconnlimit, shobj_description(oid, 'pg_database'),
                (SELECT array_agg((setrole, c)::text) FROM pg_db_role_setting, unnest(setconfig) c
                    WHERE setdatabase = d.oid AND (setrole, c)::text !~ '\(hidden)')
            FROM pg_database d WHERE datname = '\(name.replacingOccurrences(of: "'", with: "''"))'
            """)
    }

    @Test func theHostileDatabaseGoesThereAndBack() async throws {
        let server = try await SharedPostgres.server()
        let role = HostileDatabase.name("owner")
        let (live, test) = (HostileDatabase.name("live"), HostileDatabase.name("test"))
        // Names that a careless restore would take for its own.
        let neighbours = ["\(test.dropLast(7))_staged", "\(test.dropLast(4))_new", "hf_neighbour_old", "x_staged"]
        try await HostileDatabase.makeRole(role, "CREATEDB", on: server)
        try await HostileDatabase.create(live, owner: role, on: server)
        try await HostileDatabase.create(test, owner: role, "ENCODING 'SQL_ASCII' LOCALE 'C'", on: server)
        try await HostileDatabase.fill(live, owner: role, on: server)
        for name in neighbours { try await HostileDatabase.create(name, owner: role, on: server) }
        let quoted = HostileDatabase.quoted(test)
        try await server.sql(
            """
            SET SESSION AUTHORIZATION \(HostileDatabase.quoted(role));
            CREATE TABLE before (t text); INSERT INTO before VALUES ('é'), ('old');
            RESET SESSION AUTHORIZATION;
            COMMENT ON DATABASE \(quoted) IS 'comment ''of'' the test';
            REVOKE ALL ON DATABASE \(quoted) FROM PUBLIC;
            GRANT CONNECT ON DATABASE \(quoted) TO writer WITH GRANT OPTION;
            ALTER DATABASE \(quoted) CONNECTION LIMIT 17;
            ALTER DATABASE \(quoted) SET search_path TO "Odd, path", public, '$user';
            ALTER DATABASE \(quoted) SET DateStyle TO 'German, DMY';
            ALTER DATABASE \(quoted) SET "holdfast.of_ours" TO 'it''s "so"';
            ALTER ROLE writer IN DATABASE \(quoted) SET statement_timeout TO '3s';
            ALTER DATABASE \(quoted) SET statement_timeout TO '300ms';
            """, in: test)
        let before = (try await server.plainDump(of: test), try await properties(test, server))
        let ownProperties = try await properties(test, without: "holdfast.of_ours|=3s", server)
        let options = HostileDatabase.comparable
        let source = try await server.plainDump(of: live, options: options)

        try await Cluster.with(settings: ["--tool-directory", ThrowawayPostgres.binaries]) { cluster in
            let shop = Shop(cluster: cluster, postgres: server, role: role)
            try cluster.result("project", "create", "shop")
            for (environment, name) in [("shop/live", live), ("shop/test", test)] {
                try cluster.result("environment", "create", environment, "--schedule", "none")
                try cluster.result("service", "set", environment, "database", "--url", server.url(name, user: role))
            }
            let backup = try shop.backUp()
            let restore = try shop.restore(backup.id)
            #expect(restore.status == .succeeded)
            let restored = try await server.plainDump(of: test, options: options)
            #expect(restored.split(separator: "\n") == source.split(separator: "\n"))
            #expect(try await properties(test, without: "holdfast.of_ours|=3s", server) == ownProperties)
            // What an ordinary role can't give back is said.
            let warnings = restore.warnings.first.joined(separator: "\n")
            #expect(warnings.contains("holdfast") && warnings.contains("of_ours"))
            #expect(warnings.contains("ALTER ROLE \"writer\"") && warnings.contains("roles writer"))
            #expect(warnings.contains("PUBLICATION some_tables"))
            try cluster.result("restore", "undo", restore.job.text, "--yes")
            #expect(try await server.plainDump(of: test) == before.0)
            #expect(try await properties(test, server) == before.1)
            for name in neighbours {
                #expect(try await server.sql("SELECT current_database()", in: name).hasPrefix(name.prefix(5)))
            }
        }
    }

    /// Nothing at all is something to back up, and to restore.
    @Test func anEmptyDatabaseReplacesAFullOne() async throws {
        try await Cluster.with(settings: ["--tool-directory", ThrowawayPostgres.binaries]) { cluster in
            let shop = try await Shop.open(on: cluster, rows: 10)
            let empty = "\(shop.role)_empty"
            try await shop.postgres.sql(
                "CREATE DATABASE \(empty) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' OWNER \(shop.role)")
            try cluster.result("environment", "create", "shop/empty", "--schedule", "none")
            try cluster.result("service", "set", "shop/empty", "database", "--url", shop.url(empty))
            let backup = try shop.backUp("shop/empty")
            let before = try await shop.content("shop/test")
            let restore = try shop.restore(backup.id)
            let dumps = (
                try await shop.postgres.plainDump(of: empty), try await shop.postgres.plainDump(of: shop.testDatabase)
            )
            #expect(dumps.0 == dumps.1)
            try cluster.result("restore", "undo", restore.job.text, "--yes")
            #expect(try await shop.content("shop/test") == before)
        }
    }

    /// Transfers go on while the backup is made. What comes back is one instant: the sum is what it always was, and every
    /// account agrees with its own history.
    @Test func aDatabaseWrittenHardComesBackAsOneInstant() async throws {
        try await Cluster.with(settings: ["--tool-directory", ThrowawayPostgres.binaries]) { cluster in
            let shop = try await Shop.open(on: cluster, rows: 10)
            try await shop.postgres.sql(
                """
                SET ROLE \(shop.role);
                CREATE TABLE accounts (id int PRIMARY KEY, cents bigint NOT NULL);
                INSERT INTO accounts SELECT n, 1000 FROM generate_series(1, 100) n;
                CREATE TABLE transfers (id bigserial, giver int, taker int, cents int);
                CREATE PROCEDURE transfer_for_ever() LANGUAGE plpgsql AS $$
                DECLARE a int; b int;
                BEGIN
                    LOOP
                        a := 1 + random() * 99; b := 1 + random() * 99;
                        UPDATE accounts SET cents = cents - 7 WHERE id = a;
                        INSERT INTO transfers (giver, taker, cents) VALUES (a, b, 7);
                        UPDATE accounts SET cents = cents + 7 WHERE id = b;
                        COMMIT;
                        EXIT WHEN EXISTS (SELECT FROM pg_class WHERE relname = 'stop');
                    END LOOP;
                END $$;
                """, in: shop.liveDatabase)
            let (postgres, live) = (shop.postgres, shop.liveDatabase)
            async let writing = postgres.sql("CALL transfer_for_ever()", in: live)
            func transfers() async throws -> Int {
                Int(try await shop.postgres.sql("SELECT count(*) FROM transfers", in: shop.liveDatabase)) ?? 0
            }
            while try await transfers() == 0 {}
            let (first, backup) = (try await transfers(), try shop.backUp())
            let last = try await transfers()
            try await shop.postgres.sql("CREATE TABLE stop ()", in: shop.liveDatabase)
            _ = try await writing
            _ = try shop.restore(backup.id)
            let found = try await shop.postgres.sql(
                """
                SELECT (SELECT sum(cents) FROM accounts), (SELECT count(*) FROM transfers),
                    (SELECT count(*) FROM accounts a WHERE cents <> 1000
                        - COALESCE((SELECT sum(cents) FROM transfers WHERE giver = a.id), 0)
                        + COALESCE((SELECT sum(cents) FROM transfers WHERE taker = a.id), 0))
                """, in: shop.testDatabase
            ).split(separator: "|").compactMap { Int($0) }
            #expect(found.count == 3 && found[0] == 100_000 && found[2] == 0)
            #expect(first < last && (first...last).contains(found[1]), "\(first) to \(last): \(found)")
        }
    }
}

extension ThrowawayPostgres {
    /// A connection string, with everything encoded that needs to be.
    func url(_ database: String, user: String, password: String = "sesame", port: Int? = nil) -> String {
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return "postgresql://\(encoded(user)):\(encoded(password))@127.0.0.1:\(port ?? self.port)/\(encoded(database))"
            + "?sslmode=disable"
    }
}
