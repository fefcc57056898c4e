import Foundation

/// Paths as settings keep them: absolute, so that they mean the same wherever the process is started.
enum AbsolutePath {
    static func of(_ path: String) -> String {
        URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
            .standardizedFileURL.path
    }
}
