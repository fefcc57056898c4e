import Foundation
import HoldfastTestKit
import Testing

/// What `scripts/crash-test` runs.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable && CrashPlan.asked != nil))
struct CrashMarathonTests {
    /// Every point that each scenario passes, by every victim.
    @Test(.enabled(if: CrashPlan.asked?.isMatrix == true), arguments: [false, true])
    func matrix(single: Bool) async throws {
        guard let plan = CrashPlan.asked else { return }
        let victims = single ? [Victim.cluster, .postgres, .everything].filter(plan.victims.contains) : plan.victims
        try await Crashing.in(single: single) { runner in
            let began = ContinuousClock.now
            var (cases, missed) = (0, 0)
            for scenario in plan.scenarios {
                let points = try await runner.points(of: scenario)
                say("\(scenario): \(points.count) points, \(victims.count) victims\(single ? ", one process" : "")")
                for point in points {
                    for victim in victims where victim != .tool || point.name.hasSuffix(":flows") {
                        let test = CrashCase(scenario: scenario, moment: .at(point), victim: victim)
                        let start = ContinuousClock.now
                        do {
                            let isReached = try await runner.run(test)
                            cases += 1
                            if !isReached { missed += 1 }
                            say("\(test): \(isReached ? "kept" : "not reached"), \(ContinuousClock.now - start)")
                        } catch {
                            throw TestFailure("\(test): \(error)")
                        }
                    }
                }
            }
            tell("\(cases) crashes, \(missed) of them not reached,", runner, since: began)
        }
    }

    /// At random moments, drawn from a seed.
    @Test(.enabled(if: (CrashPlan.asked?.rounds ?? 0) > 0))
    func rounds() async throws {
        guard let plan = CrashPlan.asked else { return }
        let first = Int(ProcessInfo.processInfo.environment["HOLDFAST_CRASH_FIRST"] ?? "") ?? 1
        try await Crashing.in(single: false) { runner in
            let began = ContinuousClock.now
            for number in first..<(first + plan.rounds) {
                let test = plan.round(number)
                do {
                    try await runner.run(test)
                    say("round \(number) of seed \(plan.seed): \(test): kept")
                } catch {
                    throw TestFailure(
                        """
                        round \(number) of seed \(plan.seed) (\(test)): \(error)
                        To repeat it: scripts/crash-test --rounds 1 --first \(number) --seed \(plan.seed)
                        """)
                }
            }
            tell("\(plan.rounds) rounds of seed \(plan.seed)", runner, since: began)
        }
    }

    private func tell(_ what: String, _ runner: CrashRunner, since began: ContinuousClock.Instant) {
        let ends = CrashEnd.allCases.compactMap { end in runner.ends[end].map { "\(end.rawValue) \($0)" } }
        say(
            """
            \(what) in \(ContinuousClock.now - began); jobs: \(ends.joined(separator: ", ")); the longest to settle took \
            \(runner.longestSettling)
            """)
    }

    private func say(_ line: String) { FileHandle.standardOutput.write(Data("crash: \(line)\n".utf8)) }
}
