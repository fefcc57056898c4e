import Foundation

/// Processes by their parents, as `/proc` tells.
package enum ChildProcesses {
    package struct Child: Sendable {
        package var identifier: Int32
        package var name: String
    }

    package static func of(_ parent: Int32) -> [Child] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { identifier in
            guard let (name, found) = status(of: identifier), found == parent else { return nil }
            return Child(identifier: identifier, name: name)
        }
    }

    /// `PID (NAME) STATE PARENT …`; the name may hold anything.
    private static func status(of identifier: Int32) -> (name: String, parent: Int32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        return (String(text[text.index(after: open)..<close]), parent)
    }
}
