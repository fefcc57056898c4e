import HoldfastArchive
package import HoldfastModel

/// The kept content of one job becomes the staged content of another, and back: an exact undo.
extension MediaStaging {
    /// Takes over what the exchange of another job put aside. May be repeated after a crash.
    ///
    /// Throws `notFound` where it is gone and `conflict` where that exchange was not settled.
    package static func takeOver(
        in root: MediaDirectory, from: JobID, to job: JobID, expected: FileIdentity
    ) throws -> MediaStaging {
        let staging = try adopt(in: root, from: from, to: job, expected: expected)
        guard let exchange = try MediaExchange.open(staging), exchange.list.job != job else { return staging }
        do {
            switch try exchange.side() {
            case .new: try StagedRoot(exchange.list.oldRoot).write(in: staging)
            case .old: break
            case .mixed:
                throw HoldfastError(
                    .conflict,
                    "The exchange of job \(exchange.list.job) in '\(root.path)' stopped half way; settle it first.")
            }
            try staging.handle.rename(ExchangeList.name, over: ExchangeList.earlierName)
            try staging.handle.sync()
        } catch let failure as CallFailure {
            throw failure.error("take over", ExchangeList.name)
        }
        return staging
    }

    /// Gives what was taken over, and is not on the live side, back to the job it came from. May be repeated.
    package static func giveBack(
        in root: MediaDirectory, from job: JobID, to earlier: JobID, expected: FileIdentity
    ) throws {
        if let staging = try find(in: root, job: job, expected: expected) {
            let exchange = try MediaExchange.open(staging)
            // With another job's list the take-over stopped before, or the giving back after, the lists were changed.
            let isTakenOver = exchange.map { $0.list.job == job } ?? true
            if let exchange, isTakenOver, try exchange.side() != .old {
                throw HoldfastError(
                    .conflict,
                    "Job \(job) has exchanged the content of '\(root.path)'; it can't be given back before that is undone."
                )
            }
            do {
                if isTakenOver, try staging.handle.statusIfPresent(of: ExchangeList.earlierName) != nil {
                    try staging.handle.rename(ExchangeList.earlierName, over: ExchangeList.name)
                    try staging.handle.sync()
                }
            } catch {
                throw error.error("give back", ExchangeList.name)
            }
        }
        _ = try adopt(in: root, from: job, to: earlier, expected: expected)
    }
}
