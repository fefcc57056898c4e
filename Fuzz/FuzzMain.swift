import Dispatch
import Foundation
import HoldfastModel

/// libFuzzer's driver without its own `main`: it calls back with each input until its arguments say that it is enough.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Set once, before the driver runs; a C function takes no context.
nonisolated(unsafe) private var target: HostileInput?

/// `holdfast-fuzz PARSER CORPUS-DIRECTORY [libFuzzer's options]`; with `list`, the parsers' names.
@main enum FuzzMain {
    static func main() throws {
        let words = CommandLine.arguments
        if words.dropFirst().first == "list" { return print(HostileInput.all.map(\.name).joined(separator: "\n")) }
        guard words.count >= 3, let input = HostileInput.named(words[1]) else {
            FileHandle.standardError.write(Data("usage: holdfast-fuzz PARSER CORPUS [OPTION]...\n".utf8))
            exit(64)
        }
        try FileManager.default.createDirectory(atPath: words[2], withIntermediateDirectories: true)
        for (number, seed) in input.seeds.enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: "\(words[2])/seed-\(number)"))
        }
        target = input
        let strings: [UnsafeMutablePointer<CChar>?] = ([words[0]] + words.dropFirst(2)).map { strdup($0) } + [nil]
        let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count)
        arguments.initialize(from: strings, count: strings.count)
        var (count, list) = (Int32(strings.count - 1), Optional(arguments))
        exit(
            runDriver(&count, &list) { bytes, count in
                FuzzMain.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
            })
    }

    private static func feed(_ bytes: [UInt8]) -> Int32 {
        guard let target else { return 0 }
        var complaint: String?
        switch target.parser {
        case .now(let parse):
            do { try parse(bytes) } catch { complaint = HostileInput.complaint(about: error) }
        case .later:
            let done = DispatchSemaphore(value: 0)
            nonisolated(unsafe) var outcome: String?
            Task.detached {
                outcome = await target.feed(bytes)
                done.signal()
            }
            done.wait()
            complaint = outcome
        }
        if let complaint { fatalError(complaint) }
        return 0
    }
}
