import HoldfastModel
import Testing

@Suite struct YearTests {
    /// A hundred projects for a year, in four clusters, with terms of office that end, clocks that jump, failures, days
    /// without a coordinator, changes of rules and schedules, and people: each run that is due is begun, made up for or passed
    /// over exactly once; no two jobs capture one environment at the same time; what is kept is what an independent model
    /// keeps, and nothing goes that is pinned, needed or the newest; and a month costs no more than those before.
    @Test(arguments: 1...4) func aHundredProjectsForAYear(_ seed: UInt64) throws {
        let cluster = try YearCluster(seed: seed, projects: 25)
        try cluster.run(for: .seconds(365 * 86_400))
        #expect(cluster.faults.isEmpty, "seed \(seed): \(cluster.faults.prefix(3).joined(separator: "\n"))")
        // Nothing that a year has in it was left out.
        for what in [
            "runs", "runs missed", "runs passed over", "runs that made up for others", "backups complete",
            "backups failed",
            "on demand", "restores", "downloads", "pins changed", "dates given", "deleted by hand", "taken back",
            "gone by rule", "removed for good", "rules changed", "schedules changed", "jumps of the clock",
            "looks while retention paused", "days without a coordinator", "terms of office",
        ] {
            #expect(cluster.counts[what, default: 0] > 0, "seed \(seed): \(what)")
        }
        // Backups of the later months are no more work than those of the earlier, but for the one that each month adds.
        let months = cluster.months
        #expect(months.count >= 12)
        let quarters = [months[3..<6], months[9..<12]].map { quarter in
            (
                looked: quarter.reduce(0) { $0 + $1.looked } / max(1, quarter.reduce(0) { $0 + $1.reviews }),
                records: quarter.last?.records ?? 0
            )
        }
        #expect(quarters[1].looked < quarters[0].looked + 15, "seed \(seed): \(months)")
        #expect(quarters[1].records < quarters[0].records + 15 * 25, "seed \(seed): \(months)")
    }
}
