import HoldfastModel

/// Cuts what arrives into lines. Holds at most one line that is not whole yet, and what arrived after it at once.
struct LineAccumulator {
    private let limitBytes: Int
    private var pending: [UInt8] = []
    private var start = 0
    private var searched = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.removeFirst(start)
        searched -= start
        start = 0
        pending += bytes
    }

    /// The next whole line, without its end; nil until more arrives. After an error nothing more can be read.
    ///
    /// - Throws: `tooLarge` for a line over the limit, `malformed` for bytes that are no text.
    mutating func next() throws(HoldfastError) -> String? {
        while searched < pending.count {
            let byte = pending[searched]
            if byte == UInt8(ascii: "\n") {
                let line = pending[start..<searched]
                start = searched + 1
                searched = start
                return try Self.text(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
            guard byte >= 0x20 || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r"), byte != 0x7f else {
                throw HoldfastError(
                    .malformed, "This port reads lines of text; what came holds the byte \(byte). Closing.")
            }
            searched += 1
            guard searched - start <= limitBytes else {
                throw HoldfastError(.tooLarge, "A line may have at most \(limitBytes) bytes. Closing.")
            }
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(HoldfastError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HoldfastError(.malformed, "This port reads lines of UTF-8 text; what came is not. Closing.")
        }
        return text
    }
}
