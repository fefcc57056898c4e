/// In JSON: `{"backup": ID}` or `{"kept": JOB}`.
extension RestorePlan.Source {
    private enum CodingKeys: String, CodingKey {
        case backup, kept
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let backup = try container.decodeIfPresent(BackupID.self, forKey: .backup) {
            self = .backup(backup)
        } else {
            self = .kept(try container.decode(JobID.self, forKey: .kept))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .backup(let backup): try container.encode(backup, forKey: .backup)
        case .kept(let job): try container.encode(job, forKey: .kept)
        }
    }
}
