import Glibc

/// Counts the rows in COPY's text form, fed in pieces of any size.
///
/// The form escapes every newline and carriage return within a value, so a line is a row; the line `\.` ends the data and
/// only empty lines follow it.
struct CopyLines {
    private(set) var rows: Int64 = 0
    private(set) var hasEnded = false
    /// Of the line under way, as far as it was seen.
    private var length = 0
    private var first: UInt8 = 0
    private var second: UInt8 = 0

    /// - Returns: false where something other than newlines follows the end mark.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard var at = bytes.baseAddress else { return true }
        var left = bytes.count
        while left > 0 {
            if hasEnded {
                for index in 0..<left where at.load(fromByteOffset: index, as: UInt8.self) != 0x0a { return false }
                return true
            }
            let newline = memchr(at, 0x0a, left).map { UnsafeRawPointer($0) }
            let count = newline.map { $0 - at } ?? left
            note(at, count)
            guard let newline else { return true }
            if length == 2 && first == UInt8(ascii: "\\") && second == UInt8(ascii: ".") {
                hasEnded = true
            } else {
                rows += 1
            }
            length = 0
            left -= count + 1
            at = newline + 1
        }
        return true
    }

    @inline(__always)
    private mutating func note(_ at: UnsafeRawPointer, _ count: Int) {
        if length < 2, count > 0 {
            let byte = at.load(as: UInt8.self)
            if length == 0 {
                first = byte
                if count > 1 { second = at.load(fromByteOffset: 1, as: UInt8.self) }
            } else {
                second = byte
            }
        }
        length += count
    }
}
