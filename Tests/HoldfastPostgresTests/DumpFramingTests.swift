import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// Reads a real dump's framing under every kind of mistreatment.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct DumpFramingTests {
    private static func dump(_ database: String, large: Bool) async throws -> (MemorySink, DumpSummary) {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create(database, on: server, large: large)
        var sink = MemorySink()
        let summary = try await ThrowawayPostgres.driver.dump(server.login(database), into: &sink)
        return (sink, summary)
    }

    private static func read(_ bytes: [UInt8], piece: () -> Int) throws -> (DumpFraming, [DumpFraming.Mark]) {
        var framing = DumpFraming()
        var marks: [DumpFraming.Mark] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, piece()))
            // The next piece begins wherever this one stopped being consumed.
            let step = try bytes[start..<end].withUnsafeBytes { try framing.consume($0) }
            if let mark = step.mark { marks.append(mark) }
            start += step.count
        }
        try framing.finish()
        return (framing, marks)
    }

    /// Each thing that an entry depends on is read once, however small the pieces are in which the dump comes.
    @Test func anEntryWithManyDependenciesIsReadOnce() throws {
        func integer(_ value: Int32) -> [UInt8] {
            [value < 0 ? 1 : 0] + withUnsafeBytes(of: value.magnitude.littleEndian) { Array($0) }
        }
        func string(_ text: String) -> [UInt8] { integer(Int32(text.utf8.count)) + Array(text.utf8) }
        var bytes = Array("PGDMP".utf8) + [1, 14, 0, 4, 8, 1] + integer(0)
        for value in [1, 2, 3, 4, 5, 126, 0] as [Int32] { bytes += integer(value) }
        bytes += string("shop") + string("15.4") + string("15.4") + integer(1)
        bytes += integer(1) + integer(0) + string("0") + string("0") + string("v") + string("VIEW") + integer(2)
        bytes += string("CREATE") + string("DROP") + integer(-1) + string("public") + integer(-1) + string("")
        bytes += string("owner") + string("false")
        for _ in 0..<200_000 { bytes += string("7") }
        bytes += integer(-1) + [3] + [UInt8](repeating: 0, count: 8)
        let (framing, marks) = try Self.read(bytes) { 1000 }
        #expect(framing.contents?.entries.map(\.tag) == ["v"])
        #expect(marks == [.contents])
    }

    /// A custom dump has no end of its own: one that stops between two tables is whole but for what its list promises.
    @Test func dataThatIsPromisedIsMissed() throws {
        let content = ModelTables(tables: ["a": ["1", "2"], "b": [], "c": ["3"]])
        let bytes = ModelDump.bytes(of: content, database: "shop", serverVersion: "15.4")
        let (whole, _) = try Self.read(bytes) { bytes.count }
        #expect(whole.tables.map(\.rows) == [2, 0, 1])
        for table in whole.tables {
            let error = #expect(throws: HoldfastError.self) {
                try Self.read(Array(bytes[..<Int(table.offset)])) { bytes.count }
            }
            #expect(error?.message.contains(table.name) == true, "\(table.name): \(error?.message ?? "")")
        }
    }

    /// Of a dump made with `--inserts` rows can't be counted.
    @Test func dataIsInCopysForm() throws {
        let content = ModelTables(tables: ["a": ["1"]])
        var bytes = ModelDump.bytes(of: content, database: "shop", serverVersion: "15.4")
        let copy = Array("COPY public.a FROM stdin;".utf8)
        let place = try #require(bytes.firstRange(of: [0, UInt8(copy.count), 0, 0, 0] + copy))
        bytes.replaceSubrange(place, with: [1, 1, 0, 0, 0])
        #expect(throws: HoldfastError.self) { try Self.read(bytes) { bytes.count } }
    }

    @Test func countsAndSplits() async throws {
        let (sink, summary) = try await Self.dump("framing_large", large: true)
        let rows = Dictionary(uniqueKeysWithValues: summary.tables.map { ("\($0.schema).\($0.name)", $0.rows) })
        #expect(rows["public.customers"] == 1000)
        #expect(rows["public.dots"] == 6)
        #expect(rows["public.empty"] == 0)
        #expect(rows["public.nothing"] == 2)
        #expect(rows["Odd \"Name\".Ünï \"cödé\" 😀"] == 50)
        #expect(rows["public.orders_1"] == 213)
        #expect(rows["public.orders_2"] == 152)
        #expect(rows["public.orders"] == nil)
        #expect(rows["public.parent"] == 2)
        #expect(rows["public.child"] == 1)
        #expect(summary.largeObjects == 3)
        #expect(summary.bytes == Int64(sink.bytes.count))
        #expect(summary.toolVersion.hasPrefix("\(summary.facts.serverMajor)."))
        for table in summary.tables {
            #expect(sink.bytes[Int(table.offset)] == 1)
            #expect(sink.boundaries.contains(Int(table.offset)))
            #expect(sink.boundaries.contains(Int(table.offset + table.length)))
        }
        let (whole, marks) = try Self.read(sink.bytes) { sink.bytes.count }
        #expect(whole.tables == summary.tables)
        let (single, singleMarks) = try Self.read(sink.bytes) { 1 }
        #expect(single.tables == summary.tables && singleMarks == marks)
        for _ in 0..<10 {
            let seed = UInt64.random(in: 0 ... .max)
            var random = SplitMix(seed: seed)
            let (split, splitMarks) = try Self.read(sink.bytes) { Int(random.next() % 3000) }
            #expect(split.tables == summary.tables && splitMarks == marks, "seed \(seed)")
            #expect(split.largeObjects == 3, "seed \(seed)")
        }
    }

    @Test func everyTruncationIsSeen() async throws {
        let (sink, _) = try await Self.dump("framing_small", large: false)
        // The head is one long list of alike entries: every byte of its ends, and every 7th between, and all of the tail.
        for length in 0..<sink.bytes.count {
            guard length < 600 || length.isMultiple(of: 41) || length > sink.bytes.count - 600 else { continue }
            #expect(throws: HoldfastError.self, "\(length) of \(sink.bytes.count) bytes") {
                try Self.read(Array(sink.bytes[..<length])) { 4096 }
            }
        }
        #expect(throws: HoldfastError.self) { try Self.read(sink.bytes + [0]) { 4096 } }
        #expect(throws: HoldfastError.self) { try Self.read(sink.bytes + sink.bytes) { 4096 } }
    }

    /// Damaged and random bytes give an error or another reading, in bounded time, and never a crash.
    @Test func damageIsSurvived() async throws {
        let (sink, _) = try await Self.dump("framing_damaged", large: false)
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        for _ in 0..<300 {
            var bytes = sink.bytes
            for _ in 0...Int(random.next() % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? Self.read(bytes) { 5000 }
        }
        for _ in 0..<200 {
            let noise = (0..<200).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(throws: HoldfastError.self, "seed \(seed)") { try Self.read(sink.bytes.prefix(40) + noise) { 64 } }
            #expect(throws: HoldfastError.self, "seed \(seed)") { try Self.read(noise) { 64 } }
        }
    }

    @Test func rowsUnderEverySplit() {
        let text = Array("a\t1\n\\\\.\n\n\\.x\n\\N\n\\.\n\n\n".utf8)
        for split in 0...text.count {
            var lines = CopyLines()
            let first = text[..<split].withUnsafeBytes { lines.consume($0) }
            let second = text[split...].withUnsafeBytes { lines.consume($0) }
            #expect(first && second && lines.hasEnded && lines.rows == 5)
        }
        var lines = CopyLines()
        let good = Array("\\.\nmore\n".utf8).withUnsafeBytes { lines.consume($0) }
        #expect(!good)
    }
}

/// SplitMix64: a seed gives the same numbers everywhere.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
