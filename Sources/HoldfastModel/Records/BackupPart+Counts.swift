/// In JSON the counts stand under the kind of service: `{"database": {"tables": 12, …}}`.
extension BackupPart.Counts {
    private enum CodingKeys: String, CodingKey {
        case database, media
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let database = try container.decodeIfPresent(DatabaseCounts.self, forKey: .database) {
            self = .database(database)
        } else {
            self = .media(try container.decode(MediaCounts.self, forKey: .media))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .database(let counts): try container.encode(counts, forKey: .database)
        case .media(let counts): try container.encode(counts, forKey: .media)
        }
    }
}
