import HoldfastModel

@testable import HoldfastPostgres

extension HostileInput {
    static var postgres: [HostileInput] {
        [
            HostileInput("dump", seeds: DumpSamples.dumps) { bytes in
                var parts = Parts(bytes)
                let (piece, dump) = (1 + Int(parts.byte()), parts.all())
                let whole = Result { try readDump(dump, piece: max(1, dump.count)) }
                let cut = Result { try readDump(dump, piece: piece) }
                try hold((try? whole.get()) == (try? cut.get()), "another reading in pieces of \(piece)")
                let plan = LoadPlan(contents: try whole.get().contents, destination: DumpSamples.destination)
                let numbers = Set(try whole.get().contents.map(\.dumpID))
                try hold(numbers.isSuperset(of: plan.entries), "entries that are not there")
            },
            HostileInput("statement", seeds: DumpSamples.statements) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                for word in SQLWords.words(in: text) {
                    guard let name = word.name else { continue }
                    try hold(SQLWords.words(in: SQL.identifier(name)) == [.quoted(name)], "another name")
                    try hold(SQLWords.words(in: SQL.literal(name)).isEmpty, "a literal that ends early")
                }
                _ = AccessStatements.roles(in: text)
            },
            HostileInput("script", seeds: DumpSamples.scripts) { bytes in
                var parts = Parts(bytes)
                let (piece, script) = (1 + Int(parts.byte()), parts.all())
                let whole = Result { try readScript(script, piece: max(1, script.count)) }
                let cut = Result { try readScript(script, piece: piece) }
                try hold((try? whole.get()) == (try? cut.get()), "another reading in pieces of \(piece)")
                for case .statement(let statement) in try whole.get() {
                    try hold(statement.text.count <= script.count, "a statement that is longer than its script")
                    try hold(statement.words.count <= ScriptReader.wordLimit, "more words than are told")
                }
            },
            HostileInput("server-message", seeds: DumpSamples.serverMessages) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                let error = PostgresFailure.error(
                    state: PostgresFailure.state(in: text), message: text, at: DumpSamples.address)
                try hold(
                    !error.message.unicodeScalars.contains { $0.properties.generalCategory == .control }, "control")
                try hold(error.message.utf8.count < 25_000, "an error of \(error.message.utf8.count) bytes")
            },
            HostileInput("connection-string", seeds: DumpSamples.connectionStrings) { bytes in
                let login = try DatabaseConnectionString.parse(String(decoding: bytes, as: UTF8.self))
                try hold((1...65535).contains(login.address.port), "port \(login.address.port)")
            },
        ]
    }

    /// Data in one piece each.
    private static func readScript(_ script: [UInt8], piece: Int) throws -> [ScriptPart] {
        var reader = ScriptReader(statementLimit: 2000)
        var parts: [ScriptPart] = []
        var data: [UInt8] = []
        var rest = script[...]
        while !rest.isEmpty {
            var bytes = rest.prefix(piece)
            rest = rest.dropFirst(piece)
            while let part = try reader.next(&bytes) {
                switch part {
                case .data(let bytes): data += bytes
                case .dataEnd:
                    parts += [.data(data[...]), part]
                    data = []
                default: parts.append(part)
                }
            }
        }
        try reader.finish()
        return parts
    }

    private struct Reading: Equatable {
        var marks: [DumpFraming.Mark] = []
        var contents: [DumpEntry] = []
    }

    private static func readDump(_ bytes: [UInt8], piece: Int) throws -> Reading {
        var framing = DumpFraming()
        var reading = Reading()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + piece)
            let step = try bytes[start..<end].withUnsafeBytes { try framing.consume($0) }
            try hold(step.count > 0, "no progress")
            if let mark = step.mark { reading.marks.append(mark) }
            start += step.count
        }
        try framing.finish()
        try hold(framing.position == Int64(bytes.count), "\(framing.position) of \(bytes.count) bytes")
        reading.contents = framing.contents?.entries ?? []
        return reading
    }
}
