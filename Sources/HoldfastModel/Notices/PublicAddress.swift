/// Tells addresses that anybody can reach from those of private networks, of this machine, and of no use
/// (the registries of special addresses of RFC 6890 and what came after it).
package enum PublicAddress {
    /// - Parameter bytes: four or sixteen, as they go over the network.
    package static func isPublic(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: !specialIPv4.contains { $0.contains(bytes) }
        case 16: isPublicIPv6(bytes)
        default: false
        }
    }

    private static func isPublicIPv6(_ bytes: [UInt8]) -> Bool {
        // IPv4 in another dress: mapped, or through a translator.
        for prefix in embeddingIPv4 where prefix.contains(bytes) { return isPublic(Array(bytes.suffix(4))) }
        return bytes[0] & 0xe0 == 0x20 && !specialIPv6.contains { $0.contains(bytes) }
    }

    private struct Prefix {
        let bytes: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            for (index, byte) in bytes.enumerated() {
                let left = min(max(bits - index * 8, 0), 8)
                let mask = UInt8(truncatingIfNeeded: 0xff00 >> left)
                if address[index] & mask != byte & mask { return false }
            }
            return true
        }
    }

    private static let specialIPv4: [Prefix] = [
        Prefix(bytes: [0], bits: 8), Prefix(bytes: [10], bits: 8), Prefix(bytes: [100, 64], bits: 10),
        Prefix(bytes: [127], bits: 8), Prefix(bytes: [169, 254], bits: 16), Prefix(bytes: [172, 16], bits: 12),
        Prefix(bytes: [192, 0, 0], bits: 24), Prefix(bytes: [192, 0, 2], bits: 24),
        Prefix(bytes: [192, 88, 99], bits: 24), Prefix(bytes: [192, 168], bits: 16),
        Prefix(bytes: [198, 18], bits: 15),
        Prefix(bytes: [198, 51, 100], bits: 24), Prefix(bytes: [203, 0, 113], bits: 24), Prefix(bytes: [224], bits: 3),
    ]

    private static let embeddingIPv4: [Prefix] = [
        Prefix(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], bits: 96),
        Prefix(bytes: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96),
    ]

    private static let specialIPv6: [Prefix] = [
        Prefix(bytes: [0x20, 0x01, 0x00], bits: 23), Prefix(bytes: [0x20, 0x01, 0x0d, 0xb8], bits: 32),
        Prefix(bytes: [0x20, 0x02], bits: 16), Prefix(bytes: [0x3f, 0xff, 0x00], bits: 20),
    ]
}
