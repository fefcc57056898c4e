import HoldfastArchive
import HoldfastModel

/// Places a stream of bytes into a file's extents.
final class ExtentPosition {
    private let extents: [MediaEntry.Extent]
    private let path: [UInt8]
    /// Bytes of all extents.
    let total: UInt64
    private var index = 0
    private var done: UInt64 = 0

    /// Throws `malformed` unless the extents are in order, apart and within the file.
    init(_ extents: [MediaEntry.Extent], size: UInt64, path: [UInt8]) throws {
        var (end, total): (UInt64, UInt64) = (0, 0)
        for extent in extents {
            let (extentEnd, overflows) = extent.offset.addingReportingOverflow(extent.length)
            guard extent.length > 0, extent.offset >= end, !overflows, extentEnd <= size else {
                throw PathRules.malformed(path, "has extents that overlap or leave the file")
            }
            end = extentEnd
            total += extent.length
        }
        guard size <= UInt64(Int64.max) else { throw PathRules.malformed(path, "is larger than a file can be") }
        self.extents = extents
        self.path = path
        self.total = total
    }

    var isComplete: Bool { index == extents.count }

    func place(
        _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer, _ offset: UInt64) throws -> Void
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard index < extents.count else {
                throw HoldfastError(
                    .corrupt,
                    "The stored content of '\(String.printable(bytes: path))' is longer than its manifest says.")
            }
            let extent = extents[index]
            let piece = rest.prefix(Int(clamping: extent.length - done))
            try write(UnsafeRawBufferPointer(rebasing: piece), extent.offset + done)
            rest = rest.dropFirst(piece.count)
            done += UInt64(piece.count)
            if done == extent.length { (index, done) = (index + 1, 0) }
        }
    }
}
