import Foundation

/// What `scripts/crash-test` asks for, by environment variables.
struct CrashPlan {
    var rounds: Int
    var seed: UInt64
    var isMatrix: Bool
    /// Only these, where given.
    var scenarios: [CrashScenario]
    var victims: [Victim]

    /// Nil where nothing is asked for.
    static let asked: CrashPlan? = {
        let environment = ProcessInfo.processInfo.environment
        let rounds = environment["HOLDFAST_CRASH_ROUNDS"].flatMap { Int($0) } ?? 0
        let isMatrix = environment["HOLDFAST_CRASH_MATRIX"] == "1"
        guard rounds > 0 || isMatrix else { return nil }
        func list<Value: RawRepresentable>(_ name: String, _ all: [Value]) -> [Value] where Value.RawValue == String {
            let words = environment[name].map { $0.split(separator: ",").map(String.init) } ?? []
            return words.isEmpty ? all : all.filter { words.contains($0.rawValue) }
        }
        return CrashPlan(
            rounds: rounds, seed: environment["HOLDFAST_CRASH_SEED"].flatMap { UInt64($0) } ?? 1, isMatrix: isMatrix,
            scenarios: list("HOLDFAST_CRASH_SCENARIOS", CrashScenario.allCases),
            victims: list("HOLDFAST_CRASH_VICTIMS", Victim.allCases))
    }()

    /// Each round is drawn from the seed and its own number alone, so that it can be repeated without those before it.
    func round(_ number: Int) -> CrashCase {
        var random = SplitMix(state: seed &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(number))
        let scenario = scenarios.randomElement(using: &random) ?? .restore
        let victim = victims.randomElement(using: &random) ?? .cluster
        let milliseconds = Int.random(in: 0...1400, using: &random)
        let isDouble = Int.random(in: 0..<4, using: &random) == 0
        let again = CrashCase.Again(
            victim: victims.randomElement(using: &random) ?? .cluster,
            milliseconds: Int.random(in: 0...900, using: &random))
        return CrashCase(
            scenario: scenario, moment: .after(milliseconds: milliseconds), victim: victim,
            again: isDouble ? again : nil)
    }
}

/// The same numbers for the same seed, on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
