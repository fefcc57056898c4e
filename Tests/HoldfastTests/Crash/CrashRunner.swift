import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// Crashes one world again and again, and looks after each crash whether every promise was kept.
final class CrashRunner {
    let shop: CrashShop
    let world: CrashWorld
    let oracle: CrashOracle
    /// What the destination holds.
    var edition = 0
    /// What became of the jobs, and how long the longest took to settle.
    var ends: [CrashEnd: Int] = [:]
    var longestSettling = Duration.zero

    init(_ shop: CrashShop) {
        self.shop = shop
        world = shop.world
        oracle = CrashOracle(shop: shop)
    }

    /// The last point before which a restore can be called off.
    private static let verified = HaltPoint("restore.verify:after")

    /// Until a cancellation that is in the audit has been told to the restore. One that comes later finds that it is too
    /// late, which is another good end.
    private static let commandMicroseconds: UInt32 = 150_000

    /// The points that the scenario passes when nothing disturbs it, in their order; of those that are passed often the
    /// first few passings.
    func points(of scenario: CrashScenario, passings: Int = 2) async throws -> [HaltPoint] {
        let script = try await prepare(scenario)
        let command = try await begin(script)
        var passed: [String] = []
        try await settle(script, command) { passed = world.halts.passed }
        var points: [HaltPoint] = []
        for name in passed {
            let passing = points.count { $0.name == name } + 1
            if passing <= passings { points.append(HaltPoint(name, passing: passing)) }
        }
        return points
    }

    /// - Returns: false where the point was not passed, so that nothing crashed.
    @discardableResult
    func run(_ test: CrashCase) async throws -> Bool {
        let script = try await prepare(test.scenario)
        let command: ServerProcess?
        var isReached = true
        switch test.moment {
        case .at(let point):
            command = try await begin(script, arming: [point])
            isReached = waitUntilHalted(at: point)
        case .after(let milliseconds):
            command = try await begin(script)
            usleep(UInt32(milliseconds) * 1000)
        }
        if isReached { try await crash(test.victim, again: test.again) }
        try world.halts.disarm()
        try await settle(script, command)
        return isReached
    }

    /// Lets one job be crashed at each of the points in turn, by one victim after the other.
    ///
    /// - Returns: the points up to the first that was not passed.
    func runChain(
        _ scenario: CrashScenario, _ points: [HaltPoint], victims: [Victim]
    ) async throws -> [HaltPoint] {
        let script = try await prepare(scenario)
        var command = try await begin(script, arming: points)
        var reached: [HaltPoint] = []
        for (index, point) in points.enumerated() {
            guard waitUntilHalted(at: point) else { break }
            try await crash(victims[index % victims.count])
            reached.append(point)
            // A command that a crash kept from being accepted is given again, as a person does.
            if index == 0, let arguments = script.command, try await isUnheard(script, command) {
                command = try world.command(arguments)
            }
        }
        try world.halts.disarm()
        try await settle(script, command)
        return reached
    }

    /// Everybody who was halted, and not killed, goes on at once, and so meets what is missing.
    private func crash(_ victim: Victim, again: CrashCase.Again? = nil) async throws {
        try world.strike(victim)
        try world.halts.release()
        try await world.revive(victim)
        guard let again else { return }
        usleep(UInt32(again.milliseconds) * 1000)
        try world.strike(again.victim)
        try await world.revive(again.victim)
    }

    private func isUnheard(_ script: CrashScript, _ command: ServerProcess?) async throws -> Bool {
        // Whoever stands at a further point was heard.
        try cluster.until("the command is answered, or can't be") {
            command?.isRunning != true || world.halts.isAnyHalted
        }
        if world.halts.isAnyHalted { return false }
        try world.untilUp()
        switch script.scenario {
        case .delete: return try backups().contains { $0.id == script.backup && $0.state != .deleted }
        default: return try jobs().allSatisfy { script.knownJobs.contains($0.id) }
        }
    }

    private func waitUntilHalted(at point: HaltPoint) -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while !world.halts.isHalted(at: point) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(3000)
        }
        return true
    }

    // MARK: What is under way

    private func prepare(_ scenario: CrashScenario) async throws -> CrashScript {
        try world.halts.clear()
        let other = 1 - edition
        try await shop.shop.allowDatabases(scenario != .inPlace)
        var script = CrashScript(scenario: scenario, old: edition, new: edition)
        switch scenario {
        case .restore, .inPlace, .cancel:
            script.new = other
            script.command = [
                "restore", "start", shop.editions[other].backup.text, "--to", CrashShop.destination, "--yes",
                "--no-wait",
            ]
        case .undo:
            try cluster.result("environment", "change", CrashShop.destination, "--undo-window", "1h")
            let restore = try shop.shop.restore(shop.editions[other].backup)
            try cluster.result("environment", "change", CrashShop.destination, "--undo-window", "0s")
            (script.old, script.new) = (other, edition)
            edition = other
            script.command = ["restore", "undo", restore.job.text, "--yes", "--no-wait"]
        case .clean:
            _ = try shop.shop.restore(shop.editions[other].backup)
            edition = other
            (script.old, script.new) = (other, other)
        case .backup: script.command = ["backup", "create", "shop/live", "--no-wait"]
        case .collect:
            let (deleted, kept) = try shop.backUpAndDelete()
            (script.backup, script.kept) = (deleted, kept)
            script.command = ["collect", "run", "shop", "--no-wait"]
        case .delete, .verify:
            let backup = try shop.shop.backUp("shop/live", "--media").id
            script.backup = backup
            script.command =
                scenario == .delete ? ["backup", "delete", backup.text, "--yes"] : ["backup", "verify", backup.text]
        }
        script.knownJobs = Set(try jobs().map(\.id))
        script.knownBackups = Set(try backups().map(\.id))
        try world.halts.clear()
        return script
    }

    /// - Returns: the command as it runs; nil where it is no command that begins it.
    private func begin(_ script: CrashScript, arming points: [HaltPoint] = []) async throws -> ServerProcess? {
        if script.scenario == .cancel { try world.halts.arm(Self.verified) }
        if script.scenario != .cancel { for point in points { try world.halts.arm(point) } }
        guard let arguments = script.command else {
            // The janitor looks for windows that are over when a coordinator starts.
            try world.strike(.coordinator)
            try await world.revive(.coordinator)
            return nil
        }
        let command = try world.command(arguments)
        guard script.scenario == .cancel else { return command }
        guard waitUntilHalted(at: Self.verified) else {
            throw TestFailure("the restore never verified")
        }
        for point in points { try world.halts.arm(point) }
        guard let restore = try jobs().first(where: { $0.kind == .restore && $0.step == "verify" }) else {
            throw TestFailure("no restore is under way")
        }
        try cluster.until("the restore is accepted") { !command.isRunning }
        // It is answered once it is journalled; the coordinator stands in between, and hears it as it goes on.
        let cancellation = try world.command(["restore", "cancel", restore.id.text])
        try cluster.until("the cancellation is heard") {
            try cluster.holdfast("audit", "list", "--limit", "5").output.contains("restore cancel \(restore.id)")
        }
        usleep(Self.commandMicroseconds)
        try world.halts.release()
        return cancellation
    }
}
