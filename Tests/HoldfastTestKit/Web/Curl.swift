import Foundation

/// What curl got.
package struct Curl {
    package var exit: Int32
    package var status: Int
    /// By lower-case names.
    package var headers: [String: String]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Runs curl to its end, without blocking the threads that the server under test runs on.
    package static func get(_ url: String, _ options: String...) async throws -> Curl {
        try await get(url, options)
    }

    package static func get(_ url: String, _ options: [String]) async throws -> Curl {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hf-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (head, body) = (directory.appendingPathComponent("head"), directory.appendingPathComponent("body"))
        let exit = try await run(
            ["-sS", "--max-time", "20", "-D", head.path, "-o", body.path] + options + [url])
        let lines = ((try? String(contentsOf: head, encoding: .utf8)) ?? "").split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if sides.count == 2 { headers[sides[0].lowercased()] = sides[1] }
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Curl(
            exit: exit, status: status, headers: headers,
            body: (try? Data(contentsOf: body)).map { $0.map { $0 } } ?? [])
    }

    /// - Returns: the exit status.
    package static func run(_ arguments: [String]) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["curl"] + arguments
        process.standardError = FileHandle.nullDevice
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
