import HoldfastModel

#if !HOLDFAST_FUZZ
    @testable import holdfast
#endif

extension HostileInput {
    static var settings: [HostileInput] {
        let coordinator = """
            dataDirectory: /var/lib/holdfast
            listen: 127.0.0.1:7100
            console: "[::1]:7101"
            clusterKeyCommand: [pass, show, key]
            """
        let node = """
            name: n1
            region: eu
            dataDirectory: /var/lib/holdfast
            coordinators: [127.0.0.1:7100]
            weight: 1.5
            mediaRoots:
              - /srv
            databaseHosts: [db.example:5432]
            reserve: 2GiB
            """
        return [
            HostileInput("coordinator-settings", seeds: [Array(coordinator.utf8)]) { bytes in
                _ = try CoordinatorSettings.parse(String(decoding: bytes, as: UTF8.self))
            },
            HostileInput("node-settings", seeds: [Array(node.utf8)]) { bytes in
                _ = try NodeSettings.parse(String(decoding: bytes, as: UTF8.self))
            },
            HostileInput("byte-size", seeds: ["2GiB", "512 MiB", "1000000"].map { Array($0.utf8) }) { bytes in
                let size = try ByteSize(String(decoding: bytes, as: UTF8.self))
                try hold(size.bytes >= 0, "\(size.bytes) bytes")
            },
        ]
    }
}
