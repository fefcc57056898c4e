import Foundation

/// The files by which a test halts processes where they pass a point; see `Halts` for what they mean.
struct HaltDirectory {
    let path: String

    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    var environment: [String: String] { ["HOLDFAST_HALTS": path] }

    /// The points that were passed since `clear`, in order.
    var passed: [String] {
        let text = (try? String(contentsOfFile: "\(path)/passed", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Forgets what was passed and arms nothing; whoever is halted goes on.
    func clear() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    func arm(_ point: HaltPoint) throws {
        try String(point.passing).write(toFile: "\(path)/\(point.name).armed", atomically: true, encoding: .utf8)
    }

    func isHalted(at point: HaltPoint) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(point.name).halted")
    }

    var isAnyHalted: Bool {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).contains { $0.hasSuffix(".halted") }
    }

    /// Lets whoever is halted go on. What is still armed stays so.
    func release() throws { try removeAll(endingWith: ".halted") }

    /// Halts nobody any more: a point that was not passed where it was expected is passed by later work.
    func disarm() throws {
        try removeAll(endingWith: ".armed")
        try release()
    }

    private func removeAll(endingWith suffix: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(suffix) {
            // Who passes an armed point at this moment gives it its other name.
            unlink("\(path)/\(name)")
        }
    }
}

/// A point that a process passes, and the how manieth passing is meant, from 1.
struct HaltPoint: Hashable, CustomStringConvertible {
    var name: String
    var passing = 1

    init(_ name: String, passing: Int = 1) {
        self.name = name
        self.passing = passing
    }

    var description: String { passing == 1 ? name : "\(name)#\(passing)" }

    /// `NAME` or `NAME#PASSING`.
    init(text: String) {
        let words = text.split(separator: "#")
        self.init(String(words[0]), passing: words.count > 1 ? Int(words[1]) ?? 1 : 1)
    }
}
