import Foundation
import HoldfastModel

/// A program that prints the cluster key.
enum KeyCommand {
    static func output(of command: [String]) throws -> String {
        guard let program = command.first else {
            throw HoldfastError(.invalidArgument, "The setting “clusterKeyCommand” is empty: name a program")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        do {
            try process.run()
        } catch {
            throw HoldfastError(.toolFailed, "The cluster key's program \(program.printable()) can't be started")
        }
        let data = try pipe.fileHandleForReading.read(upToCount: 4096) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HoldfastError(
                .toolFailed, "The cluster key's program \(program.printable()) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
