import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// The data directory of a coordinator: catalog, certificates and keys.
struct ClusterDirectory: Sendable {
    let path: String

    var catalog: String { path + "/catalog.sqlite" }
    var settings: String { path + "/coordinator.yaml" }
    var client: String { path + "/client.json" }
    private var authority: String { path + "/ca.pem" }
    private var authorityKey: String { path + "/ca-key.pem" }
    private var certificate: String { path + "/coordinator.pem" }
    private var certificateKey: String { path + "/coordinator-key.pem" }
    var clusterKey: String { path + "/cluster.key" }

    /// The settings are written last: a directory that has them is whole.
    var exists: Bool { PrivateFile.exists(settings) }

    /// Makes authority, keys and certificate of a new cluster.
    ///
    /// - Parameters:
    ///   - hosts: names and addresses by which people reach the console, beside `localhost`.
    ///   - recovery: the authority and key of a cluster that was lost, which this one is to be again.
    func create(
        _ settings: CoordinatorSettings, hosts: [String], recovery: RecoveryFile? = nil, now: Timestamp
    ) throws {
        guard !exists else {
            throw HoldfastError(.alreadyExists, "\(path.printable()) already holds a cluster: name another directory")
        }
        guard !PrivateFile.exists(catalog) else {
            throw HoldfastError(
                .alreadyExists,
                """
                \(path.printable()) holds a catalog but no settings; it may be the rest of another cluster. Name another \
                directory, or put coordinator.yaml back
                """)
        }
        try PrivateFile.makeDirectory(path)
        let authority = try recovery?.authority ?? ClusterCA(cluster: "cluster", now: now)
        try PrivateFile.write(authority.keyPEM.revealed, to: authorityKey)
        try PrivateFile.write(authority.certificatePEM, to: self.authority, mode: 0o644)
        let identity = try authority.issueCoordinator(hosts: hosts, now: now)
        try PrivateFile.write(identity.keyPEM.revealed, to: certificateKey)
        try PrivateFile.write(identity.certificatePEM, to: certificate, mode: 0o644)
        if settings.clusterKeyCommand == nil {
            let file = settings.clusterKeyFile ?? clusterKey
            guard !PrivateFile.exists(file) else {
                throw HoldfastError(
                    .alreadyExists, "\(file.printable()) exists; a new cluster won't overwrite what may be a needed key"
                )
            }
            let key = recovery?.clusterKey ?? ClusterKey(generatedFrom: SystemEntropy())
            try PrivateFile.write(key.text.revealed + "\n", to: file)
        }
        try settings.save(self.settings)
    }

    /// A cluster that has had an administrator has had a catalog. Beginning anew with an empty one would hide every backup.
    func refuseLostCatalog() throws {
        var status = stat()
        let isEmpty = stat(catalog, &status) != 0 || status.st_size == 0
        guard isEmpty, PrivateFile.exists(client) else { return }
        throw HoldfastError(
            .corrupt,
            """
            The catalog \(catalog.printable()) is missing or empty, and this is not a new cluster: put back a copy of it, or \
            move \(client.printable()) away, start again, and have it rebuilt from the nodes by `holdfast catalog rebuild`. \
            To begin anew, name another data directory
            """)
    }

    func loadAuthority() throws -> ClusterCA {
        try ClusterCA(
            certificatePEM: PrivateFile.read(authority), keyPEM: Secret(PrivateFile.read(authorityKey)))
    }

    func loadIdentity() throws -> TLSIdentity {
        TLSIdentity(
            certificatePEM: try PrivateFile.read(certificate), keyPEM: Secret(try PrivateFile.read(certificateKey)))
    }

    func loadClusterKey(_ settings: CoordinatorSettings) throws -> ClusterKey {
        let text =
            if let command = settings.clusterKeyCommand {
                try KeyCommand.output(of: command)
            } else {
                try PrivateFile.readSecret(settings.clusterKeyFile ?? clusterKey)
            }
        return try ClusterKey(text: Secret(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
