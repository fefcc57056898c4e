import Foundation

extension LinuxFileCalls {
    package func place(of directory: FileNumber) -> FilePlace? {
        guard let info = Self.text("/proc/self/fdinfo/\(directory)"), let table = Self.text("/proc/self/mountinfo"),
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(directory)"),
            let line = info.split(separator: "\n").first(where: { $0.hasPrefix("mnt_id:") })
        else { return nil }
        let mount = line.dropFirst("mnt_id:".count).drop { $0 == " " || $0 == "\t" }
        return FilePlace(mount: String(mount), path: path, table: table)
    }

    /// Of a file of the kernel's, whose size is told as nothing. Names in it need not be UTF-8.
    private static func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
