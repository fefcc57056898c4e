import HoldfastModel
import Testing

@testable import HoldfastPostgres

/// Where a script's statements and data end, whatever stands in them, and wherever the pieces are cut.
@Suite struct ScriptReaderTests {
    /// The parts in a readable form, data in one piece each.
    private func parts(_ script: String, piece: Int) throws -> [String] {
        var reader = ScriptReader()
        var (found, data): ([String], [UInt8]) = ([], [])
        var rest = Array(script.utf8)[...]
        while !rest.isEmpty {
            var bytes = rest.prefix(piece)
            rest = rest.dropFirst(piece)
            while let part = try reader.next(&bytes) {
                switch part {
                case .statement(let statement): found.append(String(decoding: statement.text, as: UTF8.self))
                case .copy(let statement): found.append("COPY>" + String(decoding: statement.text, as: UTF8.self))
                case .data(let bytes): data += bytes
                case .dataEnd:
                    found.append("DATA>" + String(decoding: data, as: UTF8.self))
                    data = []
                case .metaCommand(let line): found.append("META>" + line)
                }
            }
        }
        try reader.finish()
        return found
    }

    private func expect(_ script: String, _ expected: [String]) throws {
        for piece in [1, 2, 3, 7, 10_000] { #expect(try parts(script, piece: piece) == expected, "pieces of \(piece)") }
    }

    private func refusal(_ script: String) -> HoldfastError? {
        do {
            _ = try parts(script, piece: 5)
            return nil
        } catch {
            return HoldfastError(error)
        }
    }

    @Test func statements() throws {
        try expect("SELECT 1;\n\n;; SELECT 2 ;", ["SELECT 1", "SELECT 2 "])
        try expect("-- only a comment; and no more\n/* nor; this /* nested; */ */\n", [])
        try expect("a/* x; */b -- c;\n- - d;", ["a b \n- - d"])
        try expect("SELECT 1 - -2, 4 / 2, a->-1;", ["SELECT 1 - -2, 4 / 2, a->-1"])
        try expect(
            "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); x;",
            [
                "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)", "x",
            ])
    }

    @Test func quotes() throws {
        try expect("SELECT ';--', 'it''s; ''', '\\'; x;", ["SELECT ';--', 'it''s; ''', '\\'", "x"])
        try expect("SELECT \"a\"\"; 'b\"; x;", ["SELECT \"a\"\"; 'b\"", "x"])
        try expect("SELECT E'\\'; ''\\\\'; x;", ["SELECT E'\\'; ''\\\\'", "x"])
        // Only a word of one letter is the prefix.
        try expect("SELECT type'\\'; x;", ["SELECT type'\\'", "x"])
        try expect("SELECT U&'\\0041\\'; x;", ["SELECT U&'\\0041\\'", "x"])
        try expect("SELECT ''; x; SELECT ''''; y;", ["SELECT ''", "x", "SELECT ''''", "y"])
        // A literal with escapes goes on across a line break.
        try expect("SELECT E'a' -- ;\n '\\';'; x;", ["SELECT E'a' \n '\\';'", "x"])
        try expect("SELECT E'a', '\\'; x;", ["SELECT E'a', '\\'", "x"])
        try expect("SELECT 'ü;é' AS \"ñ;\"; x;", ["SELECT 'ü;é' AS \"ñ;\"", "x"])
    }

    @Test func dollarQuotes() throws {
        try expect("AS $$ a; '$1' $x$ $$; x;", ["AS $$ a; '$1' $x$ $$", "x"])
        try expect("AS $body$ $$;$bod$ $$body$; x;", ["AS $body$ $$;$bod$ $$body$", "x"])
        try expect("SELECT $1; a$b$c; x;", ["SELECT $1", "a$b$c", "x"])
        try expect("AS $ü_1$ ; $ü_1$; x;", ["AS $ü_1$ ; $ü_1$", "x"])
    }

    @Test func bodiesOfStatements() throws {
        let body = """
            CREATE OR REPLACE FUNCTION f("begin" integer) RETURNS integer LANGUAGE sql
            BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END
            """
        try expect(body + ";\nx;", [body, "x"])
        try expect("BEGIN;\nx;\nCOMMIT;", ["BEGIN", "x", "COMMIT"])
        try expect("CREATE TABLE function (a text); x;", ["CREATE TABLE function (a text)", "x"])
    }

    @Test func copies() throws {
        let script = "COPY public.\"t;\" (a, \"from\") FROM stdin;\n1\t\\N\n\\N\t;'\n\\.x\n\\\\.\n\n\\.\n\n\nx;"
        try expect(
            script, ["COPY>COPY public.\"t;\" (a, \"from\") FROM stdin", "DATA>1\t\\N\n\\N\t;'\n\\.x\n\\\\.\n\n", "x"])
        try expect(
            "COPY t FROM stdin;\n\\.\nCOPY u FROM STDIN WITH (FORMAT text);\na\r\n\\.\r\n",
            [
                "COPY>COPY t FROM stdin", "DATA>", "COPY>COPY u FROM STDIN WITH (FORMAT text)", "DATA>a\r\n",
            ])
        // Names and files are none of it.
        try expect(
            "COPY t FROM 'stdin'; COPY \"from\" stdin; SELECT copy FROM stdin;",
            [
                "COPY t FROM 'stdin'", "COPY \"from\" stdin", "SELECT copy FROM stdin",
            ])
    }

    @Test func metaCommands() throws {
        try expect(
            "\\restrict abc\n\n-- x\nSELECT 1;\n\\unrestrict abc\n",
            [
                "META>restrict abc", "SELECT 1", "META>unrestrict abc",
            ])
        #expect(refusal("SELECT 1 \\gexec\n")?.code == .malformed)
    }

    @Test func backslashesAsTheScriptSetsThem() throws {
        try expect(
            "SET standard_conforming_strings = off;\nSELECT '\\';'; x;",
            [
                "SET standard_conforming_strings = off", "SELECT '\\';'", "x",
            ])
        try expect(
            "SET standard_conforming_strings = off;SET standard_conforming_strings = on;SELECT '\\';x;",
            [
                "SET standard_conforming_strings = off", "SET standard_conforming_strings = on", "SELECT '\\'", "x",
            ])
    }

    @Test(arguments: [
        "SELECT 1", "SELECT 'a;", "SELECT $$;", "/* x", "COPY t FROM stdin;\n1\n", "COPY t FROM stdin; 1\n\\.\n",
        "a\0;",
        "SELECT E'\\';", "\\restrict", "SELECT 1 \\restrict x\n;",
        "\\restrict " + String(repeating: "x", count: 5000) + "\n",
    ])
    func whatIsCutShortOrNoScript(_ script: String) { #expect(refusal(script)?.code == .malformed) }

    /// A long line of data passes as it comes, and so does what is within quotes but for its limit.
    @Test func longLinesTakeNoMemory() throws {
        var reader = ScriptReader()
        var head = Array("COPY t FROM stdin;\n".utf8)[...]
        while let _ = try reader.next(&head) {}
        let piece = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<64 {
            var bytes = piece[...]
            let part = try reader.next(&bytes)
            #expect(part == .data(piece[...]) && bytes.isEmpty)
        }
    }

    @Test func longStatementsAreRefused() {
        var reader = ScriptReader(statementLimit: 1 << 20)
        let piece = [UInt8](repeating: 0x78, count: 1 << 17)
        let error = #expect(throws: HoldfastError.self) {
            var head = Array("SELECT '".utf8)[...]
            _ = try reader.next(&head)
            for _ in 0...8 {
                var bytes = piece[...]
                _ = try reader.next(&bytes)
            }
        }
        #expect(error?.message.contains("longer than 1 MiB") == true)
    }

    @Test func wordsTellTheKind() throws {
        var reader = ScriptReader()
        var bytes = Array("Reset /* x */ SESSION\nAuthorization;SET \"a\" lock_timeout = 0;".utf8)[...]
        guard case .statement(let first) = try reader.next(&bytes),
            case .statement(let second) = try reader.next(&bytes)
        else {
            Issue.record("no statement")
            return
        }
        #expect(first.words == ["reset", "session", "authorization"])
        #expect(second.words == ["set", "lock_timeout", "0"])
    }
}
