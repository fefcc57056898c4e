/// One header of a tar: the 512 bytes of POSIX ustar, preceded by a pax header where they can't say it.
///
/// ```
/// offset length                     offset length
///      0    100 name                   157    100 link's target
///    100      8 mode                   257      8 "ustar\0" "00"
///    108      8 owner                  265     64 names of owner and group (empty)
///    116      8 group                  329      8 device, major
///    124     12 size                   337      8 device, minor
///    136     12 modified               345    155 prefix (unused)
///    148      8 sum                    500     12 nothing
///    156      1 type
/// ```
struct TarHeader {
    enum Kind: UInt8 {
        case file = 0x30
        case hardLink, symbolicLink, characterDevice, blockDevice, directory, fifo
        case pax = 0x78
    }

    static let blockBytes = 512
    /// The largest numbers that eleven and seven octal digits say.
    private static let sizeLimit: UInt64 = 1 << 33
    private static let numberLimit: UInt64 = 1 << 21

    var kind: Kind
    var name: [UInt8]
    var target: [UInt8] = []
    var mode: UInt16
    var owner: UInt32
    var group: UInt32
    /// Of what follows the header.
    var size: UInt64 = 0
    var modified: FileTime
    var device: (major: UInt64, minor: UInt64) = (0, 0)
    /// What the file is really called, where `name` stands for those who don't know sparse files.
    var sparse: (name: [UInt8], size: UInt64)?
    var attributes: [MediaEntry.ExtendedAttribute] = []

    /// The header as it stands in the archive, a multiple of 512 bytes.
    var bytes: [UInt8] {
        let records = paxRecords
        guard !records.isEmpty else { return block }
        let pax = TarHeader(
            kind: .pax, name: Self.named("PaxHeaders/", name), mode: 0o644, owner: 0, group: 0,
            size: UInt64(records.count), modified: modified)
        return pax.block + Self.padded(records) + block
    }

    /// `bytes` and zeros up to a multiple of 512.
    static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: padding(UInt64(bytes.count)))
    }

    /// How many zeros follow so many bytes.
    static func padding(_ count: UInt64) -> Int {
        Int((UInt64(blockBytes) - count % UInt64(blockBytes)) % UInt64(blockBytes))
    }

    /// A name of at most a hundred bytes for headers that stand for others.
    static func named(_ prefix: String, _ path: [UInt8]) -> [UInt8] {
        let last = path.split(separator: UInt8(ascii: "/")).last ?? []
        return Array((Array(prefix.utf8) + last).prefix(100))
    }

    // MARK: the 512 bytes

    private var block: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockBytes)
        func put(_ bytes: some Collection<UInt8>, at offset: Int, limit: Int) {
            for (index, byte) in bytes.prefix(limit).enumerated() { block[offset + index] = byte }
        }
        func put(_ number: UInt64, at offset: Int, digits: Int) {
            let text = String(number, radix: 8)
            put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, at: offset, limit: digits)
        }
        put(name, at: 0, limit: 100)
        put(UInt64(mode), at: 100, digits: 7)
        put(UInt64(owner) < Self.numberLimit ? UInt64(owner) : 0, at: 108, digits: 7)
        put(UInt64(group) < Self.numberLimit ? UInt64(group) : 0, at: 116, digits: 7)
        put(size < Self.sizeLimit ? size : 0, at: 124, digits: 11)
        let seconds = modified.seconds
        put(seconds >= 0 && seconds < Self.sizeLimit ? UInt64(seconds) : 0, at: 136, digits: 11)
        block[156] = kind.rawValue
        put(target, at: 157, limit: 100)
        put("ustar\0".utf8, at: 257, limit: 6)
        put("00".utf8, at: 263, limit: 2)
        put(min(device.major, Self.numberLimit - 1), at: 329, digits: 7)
        put(min(device.minor, Self.numberLimit - 1), at: 337, digits: 7)
        // The sum counts its own field as blanks.
        let sum = block.reduce(UInt64(0)) { $0 + UInt64($1) } + 8 * 0x20
        put(sum, at: 148, digits: 6)
        block[155] = 0x20
        return block
    }

    // MARK: the pax header

    private var paxRecords: [UInt8] {
        var records: [UInt8] = []
        func add(_ key: String, _ value: some Collection<UInt8>) { records += Self.paxRecord(Array(key.utf8), value) }
        func add(_ key: String, _ number: some BinaryInteger) { add(key, String(number).utf8) }
        if let sparse {
            add("GNU.sparse.major", 1)
            add("GNU.sparse.minor", 0)
            add("GNU.sparse.name", sparse.name)
            add("GNU.sparse.realsize", sparse.size)
        } else if Self.needsPax(name) {
            add("path", name)
        }
        if Self.needsPax(target) { add("linkpath", target) }
        if size >= Self.sizeLimit { add("size", size) }
        if owner >= Self.numberLimit { add("uid", owner) }
        if group >= Self.numberLimit { add("gid", group) }
        if modified.nanoseconds != 0 || modified.seconds < 0 || modified.seconds >= Self.sizeLimit {
            add("mtime", Self.decimal(modified).utf8)
        }
        for attribute in attributes {
            records += Self.paxRecord(Array("SCHILY.xattr.".utf8) + Self.escaped(attribute.name), attribute.value)
        }
        return records
    }

    /// Too long for the field, or text that whoever reads is to know as UTF-8.
    private static func needsPax(_ name: [UInt8]) -> Bool {
        name.count > 100 || (name.contains { $0 >= 0x80 } && String(validating: name, as: UTF8.self) != nil)
    }

    /// `LENGTH KEY=VALUE` and a line end; the length counts all of it, its own digits too.
    private static func paxRecord(_ key: [UInt8], _ value: some Collection<UInt8>) -> [UInt8] {
        let rest = key.count + value.count + 3
        var length = rest + String(rest).utf8.count
        length = rest + String(length).utf8.count
        return Array("\(length) ".utf8) + key + [UInt8(ascii: "=")] + Array(value) + [UInt8(ascii: "\n")]
    }

    /// An attribute's name, as GNU tar writes it: a key ends at the first `=`.
    private static func escaped(_ name: [UInt8]) -> [UInt8] {
        name.flatMap { byte in
            switch byte {
            case UInt8(ascii: "%"): Array("%25".utf8)
            case UInt8(ascii: "="): Array("%3D".utf8)
            default: [byte]
            }
        }
    }

    /// Seconds since 1970 with a fraction: a time before a whole negative second lies above it.
    static func decimal(_ time: FileTime) -> String {
        guard time.nanoseconds > 0 else { return String(time.seconds) }
        let isNegative = time.seconds < 0
        let seconds = isNegative ? time.seconds + 1 : time.seconds
        let nanoseconds = isNegative ? 1_000_000_000 - time.nanoseconds : time.nanoseconds
        var fraction = String(1_000_000_000 + UInt64(nanoseconds)).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(isNegative ? "-" : "")\(seconds.magnitude).\(fraction)"
    }
}
