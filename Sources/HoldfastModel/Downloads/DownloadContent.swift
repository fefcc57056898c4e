/// What of a backup one file of a download holds.
package enum DownloadContent: Hashable, Sendable {
    /// A whole part: a database as a dump, media as a tar.
    case part(ServiceReference)
    /// One file of media. Its path as lists of contents write it: a backslash is `\\`, other bytes may be `\xNN`.
    case file(ServiceReference, path: String)
    /// The rows of one table: `schema.name`, or `name` where only one schema has it.
    case table(ServiceReference, name: String)

    package var service: ServiceReference {
        switch self {
        case .part(let service), .file(let service, _), .table(let service, _): service
        }
    }
}

extension DownloadContent: CustomStringConvertible {
    package var description: String {
        switch self {
        case .part(let service): "\(service)"
        case .file(let service, let path): "\(path.printable()) of \(service)"
        case .table(let service, let name): "table \(name.printable()) of \(service)"
        }
    }
}

// Written as `{"service": "media", "file": "a/b.jpg"}`: scripts read this.
extension DownloadContent: Codable {
    private enum CodingKeys: String, CodingKey {
        case service, file, table
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let service = try container.decode(ServiceReference.self, forKey: .service)
        if let path = try container.decodeIfPresent(String.self, forKey: .file) {
            self = .file(service, path: path)
        } else if let name = try container.decodeIfPresent(String.self, forKey: .table) {
            self = .table(service, name: name)
        } else {
            self = .part(service)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(service, forKey: .service)
        switch self {
        case .part: break
        case .file(_, let path): try container.encode(path, forKey: .file)
        case .table(_, let name): try container.encode(name, forKey: .table)
        }
    }
}
