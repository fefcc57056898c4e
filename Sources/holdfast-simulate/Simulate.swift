import ArgumentParser
import Glibc

/// `holdfast-simulate`: whole clusters in one process, one after the other, each from a seed.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-simulate",
        abstract: "Runs simulated clusters, each from a seed, and checks Holdfast's promises.",
        discussion: "A seed is one cluster and all that befalls it; it runs the same each time. See docs/simulation.md."
    )

    @Option(help: "How many seeds to run.")
    var seeds: UInt64 = 100

    @Option(help: "The first of them.")
    var firstSeed: UInt64 = 1

    @Option(help: "Begin no seed after so many seconds.")
    var seconds: Double?

    @Option(help: "Run this seed; may be given several times, instead of --seeds.")
    var seed: [UInt64] = []

    @Flag(help: "Print everything that happens.")
    var trace = false

    @Option(help: "Run with this defect, and say after how many seeds it was found.")
    var variant: Variant?

    @Flag(help: "List the defects that can be tried.")
    var listVariants = false

    @Flag(help: "Try every defect; each must be found within its own number of seeds.")
    var variants = false

    @Flag(help: "Run each seed twice; both runs must be the same.")
    var checkDeterminism = false

    @Option(
        help: "What is done with the clusters: \(Scenario.Workload.allCases.map(\.rawValue).joined(separator: " or "))."
    )
    var workload = Scenario.Workload.all

    @Flag(help: "Print one line for each seed.")
    var verbose = false

    mutating func run() throws {
        Self.fixHashing()
        SeededExecutors.install()
        Trace.shared.isPrinted = trace
        if listVariants {
            for variant in Variant.allCases { print("\(variant.rawValue): \(variant.summary)") }
        } else if variants {
            var all = true
            for variant in Variant.allCases where try !find(variant, within: variant.bound) { all = false }
            if !all { throw ExitCode.failure }
        } else if let variant {
            guard try find(variant, within: seed.isEmpty ? seeds : UInt64(seed.count)) else { throw ExitCode.failure }
        } else {
            try runAll()
        }
    }

    private var chosen: some Sequence<UInt64> {
        seed.isEmpty ? AnySequence(firstSeed..<firstSeed + seeds) : AnySequence(seed)
    }

    private func runAll() throws {
        var totals: [String: Int] = [:]
        var failures = 0
        let start = Self.clock
        var count = 0
        for seed in chosen {
            if let seconds, Self.clock - start > seconds { break }
            count += 1
            let outcome = try Run(seed: seed, workload: workload, variant: nil).perform()
            for (name, count) in outcome.counts { totals[name, default: 0] += count }
            if verbose {
                print(
                    "seed \(seed): \(outcome.hash) \(outcome.steps) steps, \(outcome.virtual), \(outcome.counts.sorted { $0.key < $1.key })"
                )
            }
            if let violation = outcome.violation {
                failures += 1
                print("seed \(seed) FAILED: \(violation)")
                print("  again: scripts/simulate --seed \(seed)\(options) --trace")
            }
            fflush(nil)
            if checkDeterminism {
                let again = try Run(seed: seed, workload: workload, variant: nil).perform()
                if again.hash != outcome.hash {
                    failures += 1
                    print("seed \(seed) FAILED: two runs differ: \(outcome.hash) and \(again.hash)")
                    print("  again: scripts/simulate --seed \(seed)\(options) --check-determinism")
                }
            }
        }
        let spent = Self.clock - start
        let what = totals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print(
            "\(count) seeds from \(seed.first ?? firstSeed) in \(Int(spent * 10) / 10)\(String(".\(Int(spent * 10) % 10)")) s: \(what)"
        )
        if failures > 0 { throw ExitCode.failure }
    }

    private var options: String { workload == .all ? "" : " --workload \(workload.rawValue)" }

    /// Whether the defect is found.
    private func find(_ variant: Variant, within bound: UInt64) throws -> Bool {
        let tried = seed.isEmpty ? Array(firstSeed..<firstSeed + bound) : seed
        for (index, seed) in tried.enumerated() {
            if let violation = try Run(seed: seed, workload: workload, variant: variant).perform().violation {
                let what = "\(violation)".prefix { $0 != "\n" }
                print("\(variant.rawValue): found by seed \(seed), the \(index + 1). of at most \(bound): \(what)")
                fflush(nil)
                return true
            }
        }
        print("\(variant.rawValue): NOT FOUND within \(bound) seeds")
        fflush(nil)
        return false
    }

    /// Hashes, and with them the order of sets, must be the same in each run. The runtime reads that at its start.
    private static func fixHashing() {
        let name = "SWIFT_DETERMINISTIC_HASHING"
        guard getenv(name) == nil else { return }
        setenv(name, "1", 1)
        let arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", arguments)
        perror("execv")
        Glibc.exit(1)
    }

    private static var clock: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension Scenario.Workload: ExpressibleByArgument {}
extension Variant: ExpressibleByArgument {}
