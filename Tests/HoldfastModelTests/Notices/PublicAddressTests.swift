import HoldfastModel
import Testing

struct PublicAddressTests {
    @Test(arguments: [
        ("8.8.8.8", true), ("1.1.1.1", true), ("172.15.255.255", true), ("172.32.0.0", true), ("100.63.255.255", true),
        ("100.128.0.0", true), ("192.0.1.0", true), ("198.17.255.255", true), ("198.20.0.0", true),
        ("223.255.255.255", true), ("0.0.0.0", false), ("10.1.2.3", false), ("100.64.0.1", false),
        ("100.127.255.255", false), ("127.0.0.1", false), ("127.255.255.254", false), ("169.254.169.254", false),
        ("172.16.0.1", false), ("172.31.255.255", false), ("192.0.0.8", false), ("192.0.2.1", false),
        ("192.168.0.1", false), ("198.18.0.1", false), ("198.19.255.255", false), ("198.51.100.1", false),
        ("203.0.113.9", false), ("224.0.0.1", false), ("239.1.1.1", false), ("240.0.0.1", false),
        ("255.255.255.255", false),
    ])
    func version4(text: String, isPublic: Bool) {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        #expect(PublicAddress.isPublic(bytes) == isPublic)
        // In the dress of version 6: mapped, and through a translator.
        #expect(PublicAddress.isPublic([UInt8](repeating: 0, count: 10) + [0xff, 0xff] + bytes) == isPublic)
        #expect(
            PublicAddress.isPublic([0, 0x64, 0xff, 0x9b] + [UInt8](repeating: 0, count: 8) + bytes) == isPublic)
    }

    @Test(
        arguments: [
            ([0x20, 0x01, 0x48, 0x60], true), ([0x2a, 0x00], true), ([0x3f, 0xfe], true), ([], false),
            ([0xfe, 0x80], false),
            ([0xfc], false), ([0xfd, 0x12], false), ([0xff, 0x02], false), ([0x20, 0x01, 0x0d, 0xb8], false),
            ([0x20, 0x01, 0, 0], false), ([0x20, 0x01, 0x01, 0xff], false), ([0x20, 0x02, 10, 0], false),
            ([0x3f, 0xff], false), ([0x40], false), ([0x01], false),
        ] as [([UInt8], Bool)])
    func version6(prefix: [UInt8], isPublic: Bool) {
        let bytes = prefix + [UInt8](repeating: 0, count: 15 - prefix.count) + [1]
        #expect(PublicAddress.isPublic(bytes) == isPublic)
    }

    @Test func nothingElseIsAnAddress() {
        #expect(!PublicAddress.isPublic([]) && !PublicAddress.isPublic([8, 8, 8]))
    }
}
