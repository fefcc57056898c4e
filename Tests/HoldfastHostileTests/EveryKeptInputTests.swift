import Foundation
import HoldfastTestKit
import Testing

/// What `scripts/fuzz` found once, and some thousands of inputs more, for every parser.
@Suite(.timeLimit(.minutes(5))) struct EveryKeptInputTests {
    private static let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Cases")

    /// Every parser has to read something: a harness whose own samples are refused tries nothing.
    @Test(arguments: HostileInput.all.map(\.name)) func theSeedsAreGood(_ name: String) async throws {
        let input = try #require(HostileInput.named(name))
        #expect(!input.seeds.isEmpty)
        for seed in input.seeds {
            #expect(!seed.isEmpty)
            #expect(await input.feed(seed) == nil)
        }
        var isAccepted = false
        for seed in input.seeds {
            switch input.parser {
            case .now(let parse): if (try? parse(seed)) != nil { isAccepted = true }
            case .later(let parse): if (try? await parse(seed)) != nil { isAccepted = true }
            }
        }
        #expect(isAccepted, "no seed of \(name) is read to its end")
    }

    /// Files in `Cases/<parser>/`, each with one input that once did harm.
    @Test(arguments: HostileInput.all.map(\.name)) func whatOnceDidHarmDoesNone(_ name: String) async throws {
        let input = try #require(HostileInput.named(name))
        let directory = Self.cases.appendingPathComponent(name)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        for file in files.sorted() {
            let bytes = Array(try Data(contentsOf: directory.appendingPathComponent(file)))
            let complaint = await input.feed(bytes)
            #expect(complaint == nil, "\(name)/\(file)")
        }
    }

    @Test func everyKeptFileHasItsParser() throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: Self.cases.path)
        #expect(Set(kept).subtracting(HostileInput.all.map(\.name)).subtracting(["README.md"]).isEmpty)
    }

    @Test(arguments: HostileInput.all.map(\.name)) func mutationsDoNoHarm(_ name: String) async throws {
        let input = try #require(HostileInput.named(name))
        let seed = UInt64.random(in: 0 ... .max)
        var mutation = Mutation(seeds: input.seeds, entropy: SeededEntropy(seed: seed))
        let start = ContinuousClock.now
        // As many as fit, and a hundred on the busiest machine: `scripts/fuzz` gives all of them their million.
        var count = 0
        while count < 100 || count < 20_000 && ContinuousClock.now - start < .milliseconds(400) {
            let bytes = mutation.next()
            if let complaint = await input.feed(bytes) {
                Issue.record(
                    "\(name), seed \(seed), input \(count): \(complaint); \(Data(bytes).base64EncodedString())")
                return
            }
            count += 1
        }
    }
}
