/// The order of a manifest's entries: depth first, a directory before what it holds, names within it by their bytes.
///
/// A walk in this order and a manifest can be merged in one pass, whatever their size.
package enum MediaOrder {
    /// Whether `left` stands before `right`. Equal to comparing the paths with `/` sorting below every other byte.
    // Of arrays and nothing else: where other modules call it, a generic one is not specialised, and every file of a walk
    // is compared several times.
    package static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                let shorter = min(left.count, right.count)
                var index = 0
                while index < shorter, left[index] == right[index] { index += 1 }
                guard index < shorter else { return left.count < right.count }
                return weight(left[index]) < weight(right[index])
            }
        }
    }

    private static func weight(_ byte: UInt8) -> Int { byte == UInt8(ascii: "/") ? -1 : Int(byte) }
}
