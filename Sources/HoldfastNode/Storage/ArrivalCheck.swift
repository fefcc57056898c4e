import Crypto
import HoldfastModel

/// Checks the bytes of an object as they arrive: the kind by its magic, the length, and the hash against the name.
struct ArrivalCheck {
    private let kind: ObjectKind
    private let name: ObjectName
    private let byteCount: Int64
    private let magic: [UInt8]
    private var hash = SHA256()
    private var count: Int64 = 0

    init(kind: ObjectKind, name: ObjectName, byteCount: Int64, magic: [UInt8]?) {
        self.kind = kind
        self.name = name
        self.byteCount = byteCount
        self.magic = magic ?? []
    }

    mutating func take(_ piece: [UInt8]) throws(HoldfastError) {
        guard Int64(piece.count) <= byteCount - count else {
            throw HoldfastError(.malformed, "more bytes arrived than the \(byteCount) that were announced")
        }
        if count < magic.count {
            let expected = magic.dropFirst(Int(count)).prefix(piece.count)
            guard piece.prefix(expected.count).elementsEqual(expected) else {
                throw HoldfastError(.malformed, "the bytes do not begin as those of a \(kind.rawValue) do")
            }
        }
        hash.update(data: piece)
        count += Int64(piece.count)
    }

    func finish() throws(HoldfastError) {
        guard count == byteCount else {
            throw HoldfastError(.malformed, "\(count) bytes arrived of the \(byteCount) that were announced")
        }
        guard hash.finalize().elementsEqual(name.bytes) else {
            throw HoldfastError(.corrupt, "the bytes that arrived are not those of the name; send them again")
        }
    }
}
