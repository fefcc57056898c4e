package import HoldfastModel
package import HoldfastPostgres

/// The model's roles may all create databases, so nobody has a reason to replace content in place.
extension ModelDatabaseDriver {
    private static let none = HoldfastError(.unsupported, "The model's databases are never replaced in place")

    package func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        throw Self.none
    }

    package func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap { throw Self.none }

    package func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide { throw Self.none }

    package func confirm(_ item: InPlaceItem) async throws { throw Self.none }
}
