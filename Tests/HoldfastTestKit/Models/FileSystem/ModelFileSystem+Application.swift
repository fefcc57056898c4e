import Glibc
package import HoldfastNode

/// What an application that owns the files does to them, by absolute paths, and what it sees. Not subject to faults.
extension ModelFileSystem {
    /// Makes the directory and those above it that are missing.
    package func makeDirectory(_ path: String) throws(CallFailure) {
        let components = path.split(separator: "/")
        for count in 1...max(1, components.count) where count <= components.count {
            try at("/" + components.prefix(count).joined(separator: "/")) {
                (calls, directory, name) throws(CallFailure) in
                do throws(CallFailure) {
                    try calls.makeDirectory(name, in: directory, mode: 0o755)
                } catch {
                    guard error.number == EEXIST else { throw error }
                }
            }
        }
    }

    /// Replaces the file by a new one, as an editor does.
    package func write(_ bytes: [UInt8], to path: String) throws(CallFailure) {
        try at(path) { (calls, directory, name) throws(CallFailure) in
            let temporary = name + Array("~".utf8)
            let file = try calls.createFile(temporary, in: directory, mode: 0o644)
            defer { calls.close(file) }
            let outcome = bytes.withUnsafeBytes { bytes -> Result<Int, CallFailure> in
                do throws(CallFailure) {
                    return .success(try calls.write(file, bytes, at: 0))
                } catch {
                    return .failure(error)
                }
            }
            _ = try outcome.get()
            try calls.rename(temporary, in: directory, to: name, in: directory, .over)
        }
    }

    package func remove(_ path: String, isDirectory: Bool = false) throws(CallFailure) {
        try at(path) { (calls, directory, name) throws(CallFailure) in
            try calls.remove(name, in: directory, isDirectory: isDirectory)
        }
    }

    /// Everything written so far is durable, as after a while it is.
    package func sync() {
        try? perform { state throws(CallFailure) in state.sync(state.dirty) }
    }

    /// As an application syncs what it wrote: the file, with all names that were given before.
    package func sync(_ path: String) throws(CallFailure) {
        try at(path) { (calls, directory, name) throws(CallFailure) in
            let file = try calls.openFile(name, in: directory)
            defer { calls.close(file) }
            try calls.sync(file)
        }
    }

    /// Changes what bears a path, by the calls of a process of root.
    package func at(
        _ path: String,
        _ body: (_ calls: ModelFileCalls, _ directory: FileNumber, _ name: [UInt8]) throws(CallFailure) -> Void
    ) throws(CallFailure) {
        let bytes = Array(path.utf8)
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { throw CallFailure(ENOENT) }
        let calls = process()
        let directory = try calls.openConfiguredDirectory(slash == 0 ? [bytes[0]] : Array(bytes[..<slash]))
        defer { calls.close(directory) }
        try body(calls, directory, Array(bytes[(slash + 1)...]))
    }

    package func contents(of path: String) throws(CallFailure) -> [UInt8] {
        try perform { state throws(CallFailure) in
            var number = ModelFileState.root
            let root = ModelUser(user: 0, group: 0)
            for component in path.utf8.split(separator: UInt8(ascii: "/")) {
                number = try state.find(Array(component), below: number, root)
            }
            return try state.contents[state.inode(number).body]?.bytes ?? []
        }
    }
}
