import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

/// One process after the other is killed before and after each step that the journal knows, while backups, restores,
/// undos and deletes are under way. `scripts/crash-test` does so at many more points and moments.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(10)))
struct CrashTests {
    /// The steps that each scenario comes through, from the machines' own lists. Their order says who is killed first, and
    /// that is the node for `cancel`: a cancellation that was not yet written down is lost, and the restore goes on.
    private static let steps: [(CrashScenario, [String])] = [
        (.backup, BackupMachine.Step.allCases.map { "backup.\($0.rawValue)" }),
        (.restore, RestoreSaga.Step.allCases.filter { !later.contains($0) }.map { "restore.\($0.rawValue)" }),
        (.undo, RestoreSaga.Step.allCases.filter { !later.contains($0) }.map { "restore.\($0.rawValue)" }),
        (.clean, [RestoreSaga.Step.clean, .ended].map { "restore.\($0.rawValue)" }),
        (.cancel, [RestoreSaga.Step.unwind, .ended].map { "restore.\($0.rawValue)" }),
        (.verify, VerifyMachine.Step.allCases.map { "verify.\($0.rawValue)" }),
        (.delete, ["backup.deleted"]),
        (.collect, CollectMachine.Step.allCases.map { "collect.\($0.rawValue)" }),
        (.inPlace, RestoreSaga.Step.allCases.filter { !notInPlace.contains($0) }.map { "restore.\($0.rawValue)" }),
    ]
    /// Those that a restore does not come through on its way to success.
    private static let later: Set<RestoreSaga.Step> = [.clean, .unwind, .ended]

    /// Nothing is kept where the content was replaced in place. What follows is also passed by the janitor, for the restores of
    /// earlier scenarios.
    private static let notInPlace = later.union([.kept])

    @Test func killedAtEveryStep() async throws {
        try await Crashing.in(single: false) { runner in
            for (number, (scenario, steps)) in Self.steps.enumerated() {
                let points = steps.flatMap { [HaltPoint("\($0):before"), HaltPoint("\($0):after")] }
                let victims: [Victim] = [.coordinator, .node, .cluster]
                let rotated = Array(victims[(number % victims.count)...] + victims[..<(number % victims.count)])
                let reached = try await runner.runChain(scenario, points, victims: rotated)
                #expect(reached == points, "\(scenario)")
            }
        }
    }

    /// Within the swap, where old and new are decided.
    @Test(arguments: [
        (
            false, CrashScenario.restore,
            [("media.exchange#7", Victim.node), ("media.exchange#7", .postgres), ("database.commit:after", .cluster)]
        ),
        (true, .restore, [("media.exchange#7", Victim.everything), ("database.commit:before", .cluster)]),
        // The content flows, is counted, its transaction noted; media is exchanged; it is committed.
        (
            false, .inPlace,
            [
                ("database.replace:flows#2", .node), ("database.replace:flows#2", .postgres),
                ("database.replace:flows#2", .tool), ("database.replace:after", .postgres),
                ("disk.work.rename:before#3", .node), ("disk.work.rename:after#3", .everything),
                ("media.exchange#7", .node),
                ("media.exchange#7", .postgres), ("database.commit:before", .postgres),
                ("database.commit:after", .cluster),
                ("database.commit:after", .everything), ("database.confirm:after", .node),
            ]
        ),
    ])
    func killedInTheMiddleOfASwap(
        single: Bool, scenario: CrashScenario, crashes: [(String, Victim)]
    ) async throws {
        try await Crashing.in(single: single) { runner in
            for (point, victim) in crashes {
                let test = CrashCase(scenario: scenario, moment: .at(HaltPoint(text: point)), victim: victim)
                let isReached = try await runner.run(test)
                #expect(isReached, "\(test)")
            }
        }
    }
}

/// A world for the length of a test.
enum Crashing {
    static func `in`(single: Bool, _ body: (CrashRunner) async throws -> Void) async throws {
        let world = try await CrashWorld.open(single: single)
        do {
            try await body(CrashRunner(try await CrashShop.open(in: world)))
            await world.close(keepFiles: false)
        } catch {
            Issue.record("\(error)\nWhat the processes said is in \(world.cluster.root.path)")
            await world.close(keepFiles: true)
        }
    }
}
