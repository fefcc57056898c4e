#if DEBUG
    import Foundation
    import HoldfastCatalog
    import HoldfastModel

    /// A catalog whose transactions are points to halt at: `restore.swap:before` where a restore is about to be written as
    /// being in step swap, `restore.swap:after` where it is and the step has not begun.
    struct HaltingCatalog: Catalog {
        let catalog: any Catalog
        let halts: Halts

        var incarnation: String { catalog.incarnation }

        func takeOffice(above: Epoch) async throws -> Epoch {
            try await halts.around("office") { try await catalog.takeOffice(above: above) }
        }

        func commit(_ transaction: Transaction) async throws {
            let points = Self.points(of: transaction)
            for point in points { halts.pass("\(point):before") }
            try await catalog.commit(transaction)
            for point in points { halts.pass("\(point):after") }
        }

        func purge() async throws { try await catalog.purge() }

        func record(_ key: RecordKey) async throws -> Record? { try await catalog.record(key) }

        func records(_ query: RecordQuery) async throws -> [Record] { try await catalog.records(query) }

        func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
            try await catalog.journal(of: job, after: number, limit: limit)
        }

        /// The steps of the jobs that it writes; where it writes none, a backup's state.
        private static func points(of transaction: Transaction) -> [String] {
            var (jobs, backups): ([String], [String]) = ([], [])
            for case .put(let key, _, _, _, let body) in transaction.writes {
                switch key.kind {
                case .job:
                    guard let job = try? JSONDecoder().decode(Job.self, from: Data(body)) else { continue }
                    jobs.append("\(job.kind.rawValue).\(job.machine.stepName)")
                case .backup:
                    guard let backup = try? JSONDecoder().decode(Backup.self, from: Data(body)) else { continue }
                    backups.append("backup.\(backup.state.rawValue)")
                default: continue
                }
            }
            return jobs.isEmpty ? backups : jobs
        }
    }
#endif
