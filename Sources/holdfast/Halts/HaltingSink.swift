#if DEBUG
    import HoldfastPostgres

    /// Where a dump goes, with a point before each piece of it.
    struct HaltingSink<Sink: DumpSink>: DumpSink {
        var sink: Sink
        let halts: Halts

        mutating func write(_ bytes: ArraySlice<UInt8>) async throws {
            halts.pass("database.dump:flows")
            try await sink.write(bytes)
        }

        mutating func boundary() async throws { try await sink.boundary() }
    }
#endif
