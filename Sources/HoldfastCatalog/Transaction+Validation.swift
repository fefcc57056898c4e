import HoldfastModel

extension Transaction {
    /// The longest key, scope or group, in bytes.
    package static let textLimit = 200
    /// The largest body of a record or journal entry, in bytes.
    package static let bodyLimit = 16 << 20

    /// Refuses what the drivers would not keep alike. Texts are ASCII, because the order and equality of other strings
    /// differ between Swift and the databases.
    func validate() throws(HoldfastError) {
        guard epoch.number <= UInt64(Int64.max) else { throw .implausibleEpoch(epoch) }
        for expectation in expects {
            switch expectation {
            case .absent(let key), .revision(let key, _): try Self.validate(key)
            }
        }
        for write in writes {
            switch write {
            case .put(let key, let scope, let group, _, let body):
                try Self.validate(key)
                try Self.validate(scope, of: key, called: "scope")
                try Self.validate(group, of: key, called: "group")
                try Self.validate(body, of: "The record \(key.printable)")
            case .delete(let key): try Self.validate(key)
            case .journal(let job, _, let entry): try Self.validate(entry, of: "An entry in the journal of job \(job)")
            }
        }
    }

    private static func validate(_ key: RecordKey) throws(HoldfastError) {
        guard !key.key.isEmpty else {
            throw HoldfastError(.invalidArgument, "A \(key.kind.rawValue) without a key can't be in the catalog")
        }
        try validate(key.key, of: key, called: "key")
    }

    private static func validate(_ text: String, of key: RecordKey, called name: String) throws(HoldfastError) {
        guard text.utf8.count <= textLimit, text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
            throw HoldfastError(
                .invalidArgument,
                """
                The \(name) “\(text.printable(limit: 60))” of a \(key.kind.rawValue) can't be in the catalog: it has to \
                be at most \(textLimit) printable ASCII characters
                """)
        }
    }

    private static func validate(_ body: [UInt8], of subject: String) throws(HoldfastError) {
        guard body.count <= bodyLimit else {
            throw HoldfastError(
                .tooLarge, "\(subject) has \(body.count) bytes; the catalog keeps at most \(bodyLimit) in one")
        }
    }
}
