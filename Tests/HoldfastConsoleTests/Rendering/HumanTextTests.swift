import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct HumanTextTests {
    @Test(arguments: [
        (Int64(0), "0 B"), (-5, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
        (1_048_575, "1.0 MiB"), (3_221_225_472, "3.0 GiB"), (.max, "8192.0 PiB"),
    ])
    func size(_ bytes: Int64, _ expected: String) { #expect(HumanText.size(bytes) == expected) }

    @Test(arguments: [
        (Duration.zero, "0.0 s"), (.milliseconds(-5), "0.0 s"), (.milliseconds(430), "0.4 s"), (.seconds(45), "45 s"),
        (.seconds(125), "2 min 5 s"), (.seconds(120), "2 min"), (.seconds(11_520), "3 h 12 min"),
        (.seconds(187_200), "2 d 4 h"),
    ])
    func duration(_ duration: Duration, _ expected: String) { #expect(HumanText.duration(duration) == expected) }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
    func count(_ number: Int, _ expected: String) { #expect(HumanText.count(number) == expected) }

    @Test func width() {
        #expect(DisplayWidth.of("abc") == 3)
        #expect(DisplayWidth.of("日本") == 4)
        #expect(DisplayWidth.of("e\u{301}") == 1)
        #expect(DisplayWidth.of("🎉") == 2)
        #expect(DisplayWidth.truncated("日本語", to: 4) == "日…")
        #expect(DisplayWidth.truncated("abc", to: 3) == "abc")
        #expect(DisplayWidth.truncated("abcd", to: 3) == "ab…")
    }

    @Test func meter() {
        var meter = ProgressMeter()
        let step = {
            Progress(step: "stage", subject: "media", bytes: $0, totalBytes: 100_000_000, items: 3, totalItems: 1200)
        }
        #expect(
            meter.line(for: step(0), at: .seconds(1), columns: nil)
                == "stage media  ░░░░░░░░░░░░░░░░░░░░   0%  0 B of 95.4 MiB  3/1,200")
        #expect(
            meter.line(for: step(50_000_000), at: .seconds(6), columns: nil)
                == "stage media  ██████████░░░░░░░░░░  50%  47.7 MiB of 95.4 MiB  3/1,200  9.5 MiB/s  5.0 s left")
        #expect(DisplayWidth.of(meter.line(for: step(60_000_000), at: .seconds(7), columns: 40)) <= 39)
        // A stall shows: the rate falls when nothing comes.
        for second in 8..<40 { _ = meter.line(for: step(60_000_000), at: .seconds(second), columns: nil) }
        #expect(meter.line(for: step(60_000_000), at: .seconds(41), columns: nil).hasSuffix("0 B/s"))
        #expect(
            meter.line(for: Progress(step: "verify", items: 5), at: .seconds(42), columns: nil) == "verify  5 items")
    }

    /// A node may report anything.
    @Test func impossibleProgressIsNone() {
        var meter = ProgressMeter()
        for (second, bytes) in [Int64.min, .max, -1, .min].enumerated() {
            let progress = Progress(step: "x", bytes: bytes, totalBytes: .max, items: .min, totalItems: 3)
            let line = meter.line(for: progress, at: .seconds(second), columns: nil)
            #expect(line.contains(bytes == .max ? "100%" : "  0%"), "\(line)")
        }
    }
}
