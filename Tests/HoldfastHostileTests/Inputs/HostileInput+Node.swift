import Crypto
import HoldfastArchive
import HoldfastModel

@testable import HoldfastNode

extension HostileInput {
    /// Files with a checksum get a right one: what lies under it is what is to be tried.
    static var node: [HostileInput] {
        [
            HostileInput("exchange-list", seeds: [unsealed(NodeSamples.exchangeList)]) { body in
                let bytes = sealed(body)
                let list = try ExchangeList(bytes)
                try hold(try ExchangeList(list.bytes) == list, "another list")
            },
            HostileInput("hold", seeds: [unsealed(NodeSamples.hold)]) { body in
                let bytes = sealed(body)
                let file = try HoldFile(bytes, of: ArchiveSamples.backup)
                try hold(file.bytes == bytes, "another hold")
            },
            HostileInput("work-note", seeds: NodeSamples.notes) { json in
                let bytes = StateFile.sealed(json)
                let note = try StateFile.value(WorkNote.self, version: 1, from: bytes, "note")
                _ = try StateFile.value(WorkNote.self, version: 1, from: StateFile.bytes(of: note), "note")
            },
            HostileInput("node-state", seeds: [Array(#"{"layout":3,"node":"01aaaaaaaaaa","version":1}"#.utf8)]) {
                json in
                let bytes = StateFile.sealed(json)
                _ = try? StateFile.value(EpochRecord.self, version: 1, from: bytes, "epoch")
                _ = try StateFile.value(NodeRecord.self, version: 1, from: bytes, "node-state")
            },
            HostileInput("address", seeds: ["127.0.0.1:7100", "[::1]:80", "host.example:1"].map { Array($0.utf8) }) {
                bytes in
                let address = try NetworkAddress(String(decoding: bytes, as: UTF8.self))
                try hold(try NetworkAddress(address.description) == address, "another address")
            },
            HostileInput("recorded-facts", seeds: NodeSamples.facts) { bytes in
                let recorded = DatabaseFacts(
                    serverVersion: "15", settings: ["facts": String(decoding: bytes, as: UTF8.self)])
                let facts = try RecordedFacts.read(recorded)
                try hold(try RecordedFacts.read(RecordedFacts.recorded(facts)) == facts, "other facts")
            },
        ]
    }

    private static func sealed(_ body: [UInt8]) -> [UInt8] { body + Array(SHA256.hash(data: body)) }

    private static func unsealed(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.dropLast(32)) }
}

/// Good values of what a node keeps.
enum NodeSamples {
    static var exchangeList: [UInt8] {
        let root = MediaEntry(
            path: [], kind: .directory, mode: 0o755, owner: 1, group: 2, modified: FileTime(seconds: 3, nanoseconds: 4),
            changed: FileTime(seconds: 3, nanoseconds: 4), device: 5, inode: 6,
            attributes: [.init(name: Array("user.k".utf8), value: [1])], flags: [])
        return ExchangeList(
            job: ArchiveSamples.job, oldRoot: RootMetadata(root), newRoot: RootMetadata(root), old: [:], new: [:]
        ).bytes
    }

    static var hold: [UInt8] {
        let header = HoldFile.Header(
            backup: ArchiveSamples.backup, project: ArchiveSamples.project, until: ArchiveSamples.created, count: 1)
        return HoldFile(header: header, names: [ArchiveSamples.name]).bytes
    }

    static let facts = [
        #"{"bytes":8000000,"comment":"x","connectionLimit":-1,"extensions":[{"name":"hstore","schema":"public","#
            + #""version":"1.8"}],"grants":[{"grantable":false,"privilege":"CONNECT","role":"a"}],"locale":{"characterType""#
            + #":"C","collation":"C","encoding":"UTF8","provider":"i","providerLocale":"de"},"name":"shop","oid":16384,"#
            + #""owner":"a","roles":["a","b"],"serverMajor":15,"serverVersion":"15.18","settings":[{"name":"work_mem","#
            + #""role":"a","value":"8MB"}],"system":"7","tablespace":"pg_default","version":1}"#
    ].map { Array($0.utf8) }

    static var notes: [[UInt8]] {
        var note = WorkNote(job: ArchiveSamples.job)
        note.set(ArchiveSamples.databaseHeader.service, .database(name: "shop", oid: 16384))
        note.set(ArchiveSamples.manifestHeader.service, .media(FileIdentity(device: 8, inode: 77)))
        let bytes = (try? StateFile.bytes(of: note)) ?? []
        return [Array(bytes.prefix { $0 != 10 })]
    }
}
