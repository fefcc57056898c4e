/// What a prepared file is called, and of what type it is.
package enum DownloadName {
    private static let longest = 200

    /// `shop-live-database-20261122-213005.dump`; a single file keeps its own name.
    package static func name(
        of content: DownloadContent, from environment: EnvironmentReference, capturedAt: Timestamp
    ) -> String {
        let service = content.service
        let kind =
            service.name == ServiceReference.defaultName ? service.kind.rawValue : "\(service.kind)-\(service.name)"
        let time = capturedAt.plain.filter { $0 != "-" && $0 != ":" }.map { $0 == " " ? "-" : $0 }
        let stem = "\(environment.project)-\(environment.environment)-\(kind)"
        return switch content {
        case .part: "\(stem)-\(String(time)).\(service.kind == .database ? "dump" : "tar")"
        case .table(_, let name): "\(stem)-\(harmless(name))-\(String(time)).sql"
        case .file(_, let path): harmless(last(of: path))
        }
    }

    package static func type(of content: DownloadContent) -> String {
        switch content {
        case .part(let service): service.kind == .database ? "application/octet-stream" : "application/x-tar"
        case .table: "application/sql"
        case .file(_, let path): types[suffix(path)] ?? "application/octet-stream"
        }
    }

    /// A name that every file system takes, and that can't lead out of a directory.
    private static func harmless(_ name: String) -> String {
        // By scalars: a sign may be joined with another to one letter.
        var text = String.UnicodeScalarView()
        for scalar in name.printable(limit: .max).unicodeScalars {
            text.append("/\\:*?\"<>|".unicodeScalars.contains(scalar) ? "_" : scalar)
        }
        var cut = Substring(String(text)).drop { $0 == "." }
        while cut.utf8.count > longest { cut.removeLast() }
        return cut.isEmpty ? "file" : String(cut)
    }

    private static func last(of path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? "file"
    }

    private static func suffix(_ path: String) -> String {
        let name = last(of: path)
        return name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    }

    // Without those that a browser would carry out: they come from our own address.
    private static let types = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "avif": "image/avif", "ico": "image/vnd.microsoft.icon", "tif": "image/tiff",
        "tiff": "image/tiff", "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "mp3": "audio/mpeg",
        "ogg": "audio/ogg", "wav": "audio/wav", "pdf": "application/pdf", "zip": "application/zip",
        "gz": "application/gzip", "tar": "application/x-tar", "json": "application/json",
        "csv": "text/csv", "txt": "text/plain", "md": "text/markdown",
    ]
}
