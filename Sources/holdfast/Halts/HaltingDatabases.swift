#if DEBUG
    import HoldfastModel
    import HoldfastPostgres

    /// Database servers whose calls are points to halt at, such as `database.load:before`; `database.dump:flows` and
    /// `database.load:flows` and `database.replace:flows` are in the middle, where the tool is at work.
    struct HaltingDatabases: DatabaseServer {
        let databases: any DatabaseServer
        let halts: Halts

        func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection {
            try await databases.inspect(login, for: purpose)
        }

        func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
            halts.pass("database.dump:before")
            var halting = HaltingSink(sink: sink, halts: halts)
            defer { sink = halting.sink }
            let summary = try await databases.dump(login, into: &halting)
            halts.pass("database.dump:after")
            return summary
        }

        func createStaged(
            beside login: DatabaseLogin, name: String, locale: DatabaseLocale
        ) async throws -> StagedDatabase {
            try await halts.around("database.create") {
                try await databases.createStaged(beside: login, name: name, locale: locale)
            }
        }

        func load(
            _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
        ) async throws -> LoadReport {
            try await halts.around("database.load") {
                try await databases.load(staged, beside: login) {
                    let bytes = try await source()
                    halts.pass("database.load:flows")
                    return bytes
                }
            }
        }

        func differences(
            of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
        ) async throws -> [String] {
            try await halts.around("database.differences") {
                try await databases.differences(of: staged, beside: login, tables: tables, largeObjects: largeObjects)
            }
        }

        func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
            try await databases.find(name, on: login)
        }

        func side(of item: SwapItem, job: JobID) async throws -> SwapSide {
            try await halts.around("database.side") { try await databases.side(of: item, job: job) }
        }

        func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
            let swap = try await halts.around("database.swap") {
                try await databases.prepareSwap(of: items, job: job)
            }
            return HaltingSwap(swap: swap, halts: halts)
        }

        func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
            try await halts.around("database.rehearse") { try await databases.rehearse(item, from: source) }
        }

        func replace(
            _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
        ) async throws -> any DatabaseSwap {
            let halts = halts
            let swap = try await halts.around("database.replace") {
                try await databases.replace(item, counts: counts) {
                    let bytes = try await source()
                    halts.pass("database.replace:flows")
                    return bytes
                }
            }
            return HaltingSwap(swap: swap, halts: halts)
        }

        func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
            try await halts.around("database.side") {
                try await databases.side(of: item, transaction: transaction)
            }
        }

        func confirm(_ item: InPlaceItem) async throws {
            try await halts.around("database.confirm") { try await databases.confirm(item) }
        }

        func confirm(_ login: DatabaseLogin, oid: UInt32) async throws {
            try await halts.around("database.confirm") { try await databases.confirm(login, oid: oid) }
        }

        func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
            try await halts.around("database.rename") { try await databases.rename(staged, to: name, on: login) }
        }

        func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
            try await halts.around("database.drop") { try await databases.drop(staged, on: login) }
        }
    }
#endif
