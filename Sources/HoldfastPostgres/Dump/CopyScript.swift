package import HoldfastModel

/// Reads from the head of a dump what loading one table's rows begins with: the dump's encoding and the COPY statement.
package struct CopyScript: Sendable {
    private var head = DumpHead()
    private var pending: [UInt8] = []

    /// - Parameter dumpID: of the table's data.
    package init(dumpID: Int32) { head.copyWanted = dumpID }

    /// Consumes the dump's next bytes.
    ///
    /// - Returns: nil while the head goes on, then the statements for `psql`, up to where the rows begin.
    /// - Throws: `malformed` where this is no dump, or the table's rows are not there in COPY's form.
    package mutating func consume(_ bytes: some Sequence<UInt8>) throws(HoldfastError) -> [UInt8]? {
        pending.append(contentsOf: bytes)
        let (done, failure) = pending.withUnsafeBytes { head.items(in: $0) }
        pending.removeFirst(done)
        if case .malformed(let reason) = failure {
            throw HoldfastError(.malformed, "The dump's head can't be read: \(reason)")
        }
        guard head.isComplete else { return nil }
        guard let copy = head.copyStatement else {
            throw HoldfastError(.malformed, "The dump doesn't say how the table's rows are loaded")
        }
        let encoding = head.contents?.entries.first { $0.kind == "ENCODING" }?.definition ?? ""
        // The statement ends with a line end of its own.
        return Array(encoding.utf8) + [UInt8(ascii: "\n")] + copy
    }
}
