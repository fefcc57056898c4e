/// The order of a manifest's entries: depth first, a directory before what it holds, names within it by their bytes.
///
/// A walk in this order and a manifest can be merged in one pass, whatever their size.
package enum MediaOrder {
    /// Whether `left` stands before `right`. Equal to comparing the paths with `/` sorting below every other byte.
    package static func precedes(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.lexicographicallyPrecedes(right) { weight($0) < weight($1) }
    }

    private static func weight(_ byte: UInt8) -> Int { byte == UInt8(ascii: "/") ? -1 : Int(byte) }
}
