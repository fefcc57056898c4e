#if DEBUG
    import HoldfastModel
    import HoldfastPostgres

    /// A swap with points before and after its decision.
    struct HaltingSwap: DatabaseSwap {
        let swap: any DatabaseSwap
        let halts: Halts

        var warnings: [String] { swap.warnings }
        var transaction: UInt64? { swap.transaction }

        func keepAlive() async throws { try await halts.around("database.keepalive") { try await swap.keepAlive() } }

        func commit() async throws -> SwapSide { try await halts.around("database.commit") { try await swap.commit() } }

        func rollback() async { await halts.around("database.rollback") { await swap.rollback() } }
    }
#endif
