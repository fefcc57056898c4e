import Glibc

/// The names in one directory, sorted by their bytes.
///
/// They are held whole, in one block: a directory of a million names of thirty bytes takes about 46 MB while it and what
/// lies below it is walked.
struct NameList {
    private var bytes: [UInt8] = []
    private var spans: [Span] = []

    private struct Span {
        var start: UInt32
        var length: UInt32
    }

    /// Reads the directory from its beginning. Fails with `EFBIG` beyond 4 GiB of names.
    init(of directory: MediaHandle, leavingOut isLeftOut: (UnsafeRawBufferPointer) -> Bool = { _ in false })
        throws(CallFailure)
    {
        var (bytes, spans): ([UInt8], [Span]) = ([], [])
        try directory.calls.list(directory.number) { (name) throws(CallFailure) in
            if isLeftOut(name) { return }
            guard bytes.count + name.count <= Int(UInt32.max) else { throw CallFailure(EFBIG) }
            spans.append(Span(start: UInt32(bytes.count), length: UInt32(name.count)))
            bytes.append(contentsOf: name)
        }
        bytes.withUnsafeBytes { all in
            spans.sort { left, right in
                let (a, b) = (Int(left.length), Int(right.length))
                guard let base = all.baseAddress else { return false }
                let order = memcmp(base + Int(left.start), base + Int(right.start), min(a, b))
                return order != 0 ? order < 0 : a < b
            }
        }
        self.bytes = bytes
        self.spans = spans
    }

    var count: Int { spans.count }

    subscript(index: Int) -> [UInt8] {
        let span = spans[index]
        return Array(bytes[Int(span.start)..<Int(span.start + span.length)])
    }
}
