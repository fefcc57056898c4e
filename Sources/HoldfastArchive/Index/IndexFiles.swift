package import HoldfastModel

/// Where the index files of one worker lie, each under a name of its own. An index can always be built again, so what is
/// lost here costs time only; but a name never leads to half a file.
package protocol IndexFiles: Sendable {
    /// The file's content, which stays as it is for as long as the result lives, whatever takes the name meanwhile.
    /// - Throws: `notFound`, or `inputOutput` for anything else.
    func map(_ name: String) throws(HoldfastError) -> MappedBytes
    /// Begins a file that takes the name once it is finished.
    func create(_ name: String) throws(HoldfastError) -> any IndexFileOutput
    /// Nothing of that name is no error.
    func remove(_ name: String)
}

/// A new index file, written from its beginning to its end.
package protocol IndexFileOutput: AnyObject {
    func append(_ bytes: [UInt8]) throws(HoldfastError)
    /// Makes the content durable, then gives it the name, in place of what bears that now.
    func finish() throws(HoldfastError)
    /// For a file that is not going to be finished.
    func discard()
}

/// Bytes to be read in place, given back when this object goes.
package final class MappedBytes: Sendable {
    /// Never written through, and given back only by `deinit`.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let giveBack: @Sendable (UnsafeRawBufferPointer) -> Void

    /// - Parameter giveBack: frees the bytes, which nobody else may do or write to.
    package init(
        _ bytes: UnsafeRawBufferPointer, giveBack: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        self.bytes = bytes
        self.giveBack = giveBack
    }

    deinit { giveBack(bytes) }
}
