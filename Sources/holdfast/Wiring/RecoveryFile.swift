import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// What a cluster can't be made again without: its key and its authority, as text that can be printed on paper. With it and
/// the nodes a lost catalog is rebuilt.
///
/// Lines that begin with `#` are for people. Then, in this order: `holdfast-recovery 1`; `authority` and the SHA-256 of its
/// certificate, which is what the cluster is known by; the cluster key, and below it those before it if there are any; the authority's certificate and its key in PEM;
/// `sum` and the SHA-256 of the lines before it that are not for people, each with its line end.
struct RecoveryFile {
    private static let first = "holdfast-recovery 1"

    let clusterKey: ClusterKey
    let authority: ClusterCA

    var text: Secret {
        let lines =
            [Self.first, "authority \(authority.fingerprint.hexadecimal)"] + Self.lines(of: clusterKey.text.revealed)
            + Self.lines(of: authority.certificatePEM) + Self.lines(of: authority.keyPEM.revealed)
        return Secret(
            """
            # Holdfast's recovery file. Whoever has it can read every backup and be any node: keep it where nobody
            # finds it, away from the cluster. What to do with it: docs/operations.md, “The catalog is lost”.
            \(lines.joined(separator: "\n"))
            sum \(Self.sum(of: lines))

            """)
    }

    init(clusterKey: ClusterKey, authority: ClusterCA) {
        self.clusterKey = clusterKey
        self.authority = authority
    }

    /// - Throws: `malformed` for anything but a whole one, `unsupported` for a later version.
    init(text: Secret) throws(HoldfastError) {
        var lines = Self.lines(of: text.revealed).filter { !$0.hasPrefix("#") }
        guard lines.first?.hasPrefix("holdfast-recovery ") == true else {
            throw HoldfastError(.malformed, "This is no recovery file: `holdfast cluster recovery-file` prints one")
        }
        guard lines.first == Self.first else {
            throw HoldfastError(.unsupported, "The recovery file is of a later version: update Holdfast")
        }
        let end = lines.removeLast()
        guard lines.count > 3, end == "sum \(Self.sum(of: lines))" else { throw Self.damaged }
        let keys = lines[2...].prefix { !$0.hasPrefix("-----") }
        clusterKey = try ClusterKey(text: Secret(keys.joined(separator: "\n")))
        guard let split = lines.firstIndex(of: "-----END CERTIFICATE-----"), keys.endIndex < split else {
            throw Self.damaged
        }
        authority = try ClusterCA(
            certificatePEM: lines[keys.endIndex...split].joined(separator: "\n"),
            keyPEM: Secret(lines[(split + 1)...].joined(separator: "\n")))
        guard lines[1] == "authority \(authority.fingerprint.hexadecimal)" else { throw Self.damaged }
    }

    private static var damaged: HoldfastError {
        HoldfastError(.malformed, "The recovery file is cut or mistyped: compare it with the original")
    }

    private static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func sum(of lines: [String]) -> String {
        var check = ObjectCheck()
        check.update(Array(lines.map { $0 + "\n" }.joined().utf8))
        return "\(check.name)"
    }
}
