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
        case .file(_, let path): harmless(path.split(separator: "/").last.map(String.init) ?? "file")
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
        let text = name.printable(limit: .max).map { "/\\:*?\"<>|".contains($0) ? "_" : $0 }
        var cut = String(text).drop { $0 == "." }
        while cut.utf8.count > longest { cut.removeLast() }
        return cut.isEmpty ? "file" : String(cut)
    }

    private static func suffix(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    }

    private static let types = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "avif": "image/avif", "svg": "image/svg+xml", "ico": "image/vnd.microsoft.icon", "tif": "image/tiff",
        "tiff": "image/tiff", "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "mp3": "audio/mpeg",
        "ogg": "audio/ogg", "wav": "audio/wav", "pdf": "application/pdf", "zip": "application/zip",
        "gz": "application/gzip", "tar": "application/x-tar", "json": "application/json", "xml": "application/xml",
        "csv": "text/csv", "txt": "text/plain", "md": "text/markdown", "html": "text/html", "css": "text/css",
        "js": "text/javascript",
    ]
}
