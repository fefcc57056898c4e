import Testing

@testable import HoldfastPostgres

@Suite struct LoadPlanTests {
    private static func destination(superuser: Bool) -> LoadPlan.Destination {
        LoadPlan.Destination(
            isSuperuser: superuser, owner: "shop", ownerIsSuperuser: false, ownerActsAs: ["shop"],
            roles: ["shop", "reader", "We\"ird"], serverMajor: 15)
    }

    /// In place: what is there already is not made again, and of others' schemas nothing is said.
    @Test func whatIsThereAlreadyStays() {
        var destination = Self.destination(superuser: false)
        (destination.keptExtensions, destination.keptSchemas) = (["hstore"], ["ext"])
        destination.foreignSchemas = ["ext", "Odd; \"one\""]
        let more = [
            DumpEntry(dumpID: 90, kind: "ACL", tag: "SCHEMA ext", definition: "GRANT USAGE ON SCHEMA ext TO reader;"),
            DumpEntry(dumpID: 91, kind: "COMMENT", tag: "SCHEMA \"Odd; \"\"one\"\"\""),
            DumpEntry(dumpID: 92, kind: "COMMENT", tag: "SCHEMA public"),
        ]
        let plan = LoadPlan(contents: Self.contents + more, destination: destination)
        #expect(plan.before.isEmpty)
        #expect(!plan.entries.contains(2) && !plan.entries.contains(90) && !plan.entries.contains(91))
        #expect(plan.entries.contains(92))
        #expect(plan.leftOut.filter { $0.contains("another role's") }.count == 2)
    }

    private static let contents = [
        DumpEntry(
            dumpID: 1, kind: "EXTENSION", tag: "hstore",
            definition: "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA \"ext\";\n"),
        DumpEntry(dumpID: 2, kind: "SCHEMA", tag: "ext", definition: "CREATE SCHEMA ext;\n"),
        DumpEntry(
            dumpID: 3, kind: "COMMENT", tag: "EXTENSION hstore", definition: "COMMENT ON EXTENSION hstore IS 'x';"),
        DumpEntry(dumpID: 4, kind: "TABLE", tag: "t", schema: "public"),
        DumpEntry(
            dumpID: 5, kind: "ACL", tag: "TABLE t", schema: "public",
            definition: "GRANT SELECT ON TABLE public.t TO reader;\n"),
        DumpEntry(
            dumpID: 6, kind: "ACL", tag: "TABLE u", schema: "public",
            definition: "GRANT SELECT ON TABLE public.u TO reader;\nGRANT ALL ON TABLE public.u TO \"a\"\"b\";\n"),
        DumpEntry(dumpID: 7, kind: "EVENT TRIGGER", tag: "e", definition: "CREATE EVENT TRIGGER e;"),
        DumpEntry(dumpID: 8, kind: "PUBLICATION", tag: "p"),
        DumpEntry(
            dumpID: 9, kind: "DEFAULT ACL", tag: "DEFAULT PRIVILEGES FOR TABLES",
            definition: "ALTER DEFAULT PRIVILEGES FOR ROLE reader GRANT SELECT ON TABLES TO PUBLIC;"),
        DumpEntry(dumpID: 10, kind: "ACL", tag: "DATABASE shop", definition: "GRANT ALL ON DATABASE shop TO gone;"),
    ]

    @Test func sortsForAnOrdinaryRole() {
        let plan = LoadPlan(contents: Self.contents, destination: Self.destination(superuser: false))
        #expect(plan.entries == [4, 5])
        #expect(plan.before.first == "CREATE SCHEMA \"ext\" AUTHORIZATION \"shop\"")
        #expect(plan.before.count == 2)
        #expect(plan.after.isEmpty)
        #expect(plan.leftOut.count == 4)
        #expect(plan.leftOut.contains { $0.contains("public.TABLE u") && $0.contains("a\"b") })
        #expect(String(decoding: plan.list, as: UTF8.self) == "4\n5\n")
    }

    @Test func aSuperuserMakesWhatOnlyASuperuserMay() {
        let plan = LoadPlan(contents: Self.contents, destination: Self.destination(superuser: true))
        #expect(plan.after == ["CREATE EVENT TRIGGER e;"])
    }

    @Test(
        arguments: [
            ("GRANT ALL ON TABLE t TO a;", ["a"], []),
            (
                "GRANT SELECT(\"to\"),INSERT(b) ON TABLE \"from\".\"x TO y\" TO \"We\"\"ird\" WITH GRANT OPTION;",
                ["We\"ird"], []
            ),
            ("REVOKE ALL ON FUNCTION f(text) FROM PUBLIC; REVOKE ALL ON TABLE t FROM a;", ["a"], []),
            (
                "SET SESSION AUTHORIZATION boss;\nGRANT SELECT ON TABLE t TO a;\nRESET SESSION AUTHORIZATION;", ["a"],
                ["boss"]
            ),
            ("ALTER DEFAULT PRIVILEGES FOR ROLE boss IN SCHEMA s GRANT SELECT ON TABLES  TO a;", ["a"], ["boss"]),
            ("", [], []),
            ("GRANT TO", [], []),
        ] as [(String, Set<String>, Set<String>)])
    func findsRoles(_ statements: String, grantees: Set<String>, grantors: Set<String>) {
        #expect(AccessStatements.roles(in: statements) == .init(grantees: grantees, grantors: grantors))
    }

    @Test func quotesListSettings() {
        #expect(InheritedProperties.list("\"$user\", public, \"A b\"") == "'$user', 'public', 'A b'")
        #expect(InheritedProperties.list("") == "''")
        #expect(SQL.literal("it's \\") == "'it''s \\'")
        #expect(SQL.identifier("a\"b") == "\"a\"\"b\"")
    }

    /// To the server a quote is a quote, whatever accent stands on it.
    @Test func accentsOnQuotesHideNoQuote() {
        #expect(Array(SQL.identifier("a\"\u{301}b").utf8) == Array("\"a\"\"\u{301}b\"".utf8))
        #expect(Array(SQL.literal("'\u{301}; --").utf8) == Array("'''\u{301}; --'".utf8))
        let statement = "GRANT SELECT ON \"x\"\"\u{301} TO y\" TO z;"
        #expect(AccessStatements.roles(in: statement).grantees == ["z"])
    }

    @Test func triesLabelsAndLeavesOutWhatBelongsToWhatIsLeftOut() {
        let contents = [
            DumpEntry(
                dumpID: 1, kind: "SECURITY LABEL", tag: "TABLE t", schema: "public", definition: "SECURITY LABEL …"),
            DumpEntry(dumpID: 2, kind: "COMMENT", tag: "PUBLICATION p"),
            DumpEntry(dumpID: 3, kind: "EVENT TRIGGER", tag: "e", definition: "CREATE EVENT TRIGGER e"),
            DumpEntry(dumpID: 4, kind: "COMMENT", tag: "EVENT TRIGGER e", definition: "COMMENT ON EVENT TRIGGER e"),
            DumpEntry(dumpID: 5, kind: "EXTENSION", tag: "x", definition: "CREATE EXTENSION x"),
            DumpEntry(dumpID: 6, kind: "COMMENT", tag: "EXTENSION x", definition: "COMMENT ON EXTENSION x"),
        ]
        let ordinary = LoadPlan(contents: contents, destination: Self.destination(superuser: false))
        #expect(ordinary.entries == [] && ordinary.after == [] && ordinary.leftOut.count == 1)
        #expect(ordinary.attempts.map(\.subject) == ["SECURITY LABEL public.TABLE t", "COMMENT EXTENSION x"])
        let superuser = LoadPlan(contents: contents, destination: Self.destination(superuser: true))
        #expect(superuser.after == ["CREATE EVENT TRIGGER e", "COMMENT ON EVENT TRIGGER e"])
    }
}
