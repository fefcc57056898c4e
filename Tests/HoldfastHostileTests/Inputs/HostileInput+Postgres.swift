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
                _ = try whole.get()
            },
            HostileInput("connection-string", seeds: DumpSamples.connectionStrings) { bytes in
                let login = try DatabaseConnectionString.parse(String(decoding: bytes, as: UTF8.self))
                try hold((1...65535).contains(login.address.port), "port \(login.address.port)")
            },
        ]
    }

    private static func readDump(_ bytes: [UInt8], piece: Int) throws -> [DumpFraming.Mark] {
        var framing = DumpFraming()
        var marks: [DumpFraming.Mark] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + piece)
            let step = try bytes[start..<end].withUnsafeBytes { try framing.consume($0) }
            try hold(step.count > 0, "no progress")
            if let mark = step.mark { marks.append(mark) }
            start += step.count
        }
        try framing.finish()
        try hold(framing.position == Int64(bytes.count), "\(framing.position) of \(bytes.count) bytes")
        return marks
    }
}
