import HoldfastArchive
import HoldfastModel

/// Checks the bytes of an object as they arrive: the kind by its magic, the length, and the hash against the name.
struct ArrivalCheck {
    private let kind: ObjectKind
    private let name: ObjectName
    private let byteCount: Int64
    private var check = ObjectCheck()
    private var prefix: [UInt8] = []
    private var count: Int64 = 0

    init(kind: ObjectKind, name: ObjectName, byteCount: Int64) {
        self.kind = kind
        self.name = name
        self.byteCount = byteCount
    }

    mutating func take(_ piece: [UInt8]) throws(HoldfastError) {
        guard Int64(piece.count) <= byteCount - count else {
            throw HoldfastError(.malformed, "more bytes arrived than the \(byteCount) that were announced")
        }
        if prefix.count < ObjectOwner.prefixLength {
            let isUnchecked = prefix.count < ObjectCheck.prefixLength
            prefix += piece.prefix(ObjectOwner.prefixLength - prefix.count)
            if isUnchecked, prefix.count >= ObjectCheck.prefixLength { try checkKind() }
        }
        check.update(piece)
        count += Int64(piece.count)
    }

    /// Nil where the object does not say whose it is.
    var owner: ObjectOwner? { ObjectOwner(prefix: prefix) }

    func finish() throws(HoldfastError) {
        guard count == byteCount else {
            throw HoldfastError(.malformed, "\(count) bytes arrived of the \(byteCount) that were announced")
        }
        try checkKind()
        guard check.name == name else {
            throw HoldfastError(.corrupt, "the bytes that arrived are not those of the name; send them again")
        }
    }

    private func checkKind() throws(HoldfastError) {
        guard ObjectCheck.kind(ofPrefix: prefix) == kind else {
            throw HoldfastError(.malformed, "the bytes do not begin as those of a \(kind.rawValue) do")
        }
    }
}
