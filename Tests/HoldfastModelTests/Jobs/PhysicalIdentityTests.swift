import HoldfastModel
import Testing

@Suite struct PhysicalIdentityTests {
    private func media(_ root: UInt64, under ancestors: [UInt64], node: Int = 1) throws -> PhysicalIdentity {
        .media(
            node: try identifier(node), root: FileIdentity(device: 1, inode: root),
            ancestors: ancestors.map { FileIdentity(device: 1, inode: $0) })
    }

    @Test func treesWithinEachOtherOverlap() throws {
        let outer = try media(10, under: [2])
        let inner = try media(20, under: [10, 2])
        let beside = try media(30, under: [2])
        #expect(outer.overlaps(outer) && outer.overlaps(inner) && inner.overlaps(outer))
        #expect(!beside.overlaps(inner) && !beside.overlaps(outer))
        #expect(!(try media(10, under: [2], node: 2)).overlaps(outer))
    }

    @Test func databasesOverlapByOIDOrName() {
        let shop = PhysicalIdentity.database(system: "a", oid: 1, name: "shop")
        #expect(shop.overlaps(.database(system: "a", oid: 1, name: "renamed")))
        #expect(shop.overlaps(.database(system: "a", oid: 2, name: "shop")))
        #expect(!shop.overlaps(.database(system: "b", oid: 1, name: "shop")))
    }
}
