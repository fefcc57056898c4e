import HoldfastModel

/// The sum stored with each row, so that a byte that rots in the file is found when the row is read; SQLite itself has
/// none. FNV-1a over 64 bits: every single changed byte changes it. Each field is preceded by its length.
struct RowSum {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// As SQLite keeps it.
    var value: Int64 { Int64(bitPattern: hash) }

    mutating func add(_ text: String) {
        add(Int64(text.utf8.count))
        for byte in text.utf8 { step(byte) }
    }

    mutating func add(_ bytes: [UInt8]) {
        add(Int64(bytes.count))
        for byte in bytes { step(byte) }
    }

    mutating func add(_ number: Int64) {
        let bits = UInt64(bitPattern: number)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { step(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    private mutating func step(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}

extension RowSum {
    init(_ record: Record) {
        add(record.key.kind.rawValue)
        add(record.key.key)
        add(record.revision)
        add(record.scope)
        add(record.group)
        add(record.order)
        add(record.body)
    }

    init(_ entry: JournalEntry) {
        add(entry.job.text)
        add(entry.at.milliseconds)
        add(entry.entry)
    }

    init(epoch: Int64, incarnation: String) {
        add(epoch)
        add(incarnation)
    }
}
