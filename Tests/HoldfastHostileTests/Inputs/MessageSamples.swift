import HoldfastModel
import HoldfastWire

/// A whole message of every kind, with its reply and event: their keys are what no fuzzer guesses.
enum MessageSamples {
    private static let project = ArchiveSamples.project
    private static let name = ArchiveSamples.name
    private static let time = ArchiveSamples.created
    private static let keys = Secret("hfpk1.00")
    private static let order = Order(epoch: Epoch(5), job: ArchiveSamples.job)
    private static let media = ArchiveSamples.manifestHeader.service
    private static let database = ArchiveSamples.databaseHeader.service
    private static let node = id("01bbbbbbbbbb") as NodeID
    private static let identity = PhysicalIdentity.media(
        node: node, root: FileIdentity(device: 8, inode: 77), ancestors: [FileIdentity(device: 8, inode: 2)])

    private static func id<Of>(_ text: String) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure("\(text) is no identifier") }
        return id
    }

    private static func label(_ text: String) -> Name {
        guard let name = try? Name(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    static let layout = Layout(
        number: 3, members: [.init(node: node, region: label("eu"), weight: 1.5, address: "10.0.0.1:7100")])
    static let policy = PlacementPolicy(name: label("default"), copies: 2, regions: 1, allowedRegions: [label("eu")])
    private static let terms = PlacementTerms(layout: layout, policy: policy)

    static let targets = [
        ServiceTarget(service: media, location: .media(path: "/srv/a")),
        ServiceTarget(
            service: database,
            location: .database(
                DatabaseAddress(host: "db", port: 5432, database: "shop", user: "shop", sslMode: "prefer"),
                password: Secret("x"))),
    ]

    private static let staged = [
        StagedService(
            service: media,
            content: .media(
                root: FileIdentity(device: 8, inode: 77), staged: FileIdentity(device: 8, inode: 78),
                directory: ".holdfast-01dddddddddd")),
        StagedService(service: database, content: .database(live: 16384, staged: 16400, name: "hf_01dddddddddd_new")),
    ]
    private static let items = zip(targets, staged).map { SwapServices.Item(target: $0, staged: $1) }

    private static let mediaCounts = BackupPart.Counts.media(MediaCounts())
    private static let databaseCounts = BackupPart.Counts.database(
        DatabaseCounts(serverVersion: "15.4", tables: 3, rows: 12, largeObjects: 0))
    private static let stages = [
        StageServices.Stage(
            target: targets[0], identity: identity,
            content: .part(
                service: media, manifest: name, references: name, counts: mediaCounts, fromAnotherProject: true)),
        StageServices.Stage(
            target: targets[1], identity: .database(system: "7", oid: 16384, name: "shop"),
            content: .kept(job: order.job, staged[1])),
    ]

    private static var warnings: Warnings {
        var warnings = Warnings()
        warnings.add("a/b vanished while it was read")
        return warnings
    }

    static let progress = Progress(
        step: "capture", subject: "media", bytes: 10, totalBytes: 20, items: 1, totalItems: 2)

    static let captured = CaptureServices.Reply(
        parts: [(media, mediaCounts), (database, databaseCounts)].map { service, counts in
            BackupPart(
                service: service, manifest: name, references: name, startedAt: time, endedAt: time, sizes: PartSizes(),
                counts: counts, warnings: warnings)
        },
        receipt: Receipt(
            layout: 3, heldUntil: time, objects: 2,
            holdings: [.init(node: node, region: label("eu"), objects: 2, bytes: 10)]))

    static let heartbeat = Heartbeat(
        node: node, capacityBytes: 100, freeBytes: 50, objects: 3, storedBytes: 20, takesWrites: true)
    static let held = HoldObjects.Reply(objects: 2, bytes: 10, refused: 1)
    static let report = CheckReport(services: [
        .init(
            service: media, identity: identity, bytes: 10, facts: [.init("files", "3")],
            problems: [.init(.error, .noSpace, "No room")])
    ])

    static let all: [any Codable & Sendable] =
        [
            VerifyBackup(
                project: project, keys: keys, parts: [.init(service: media, manifest: name, references: name)],
                terms: terms), VerifyReport(), progress,
            RegisterNode(
                node: node, softwareVersion: "0.1.0", address: "10.0.0.1:7100", name: label("n1"), region: label("eu"),
                weight: 1.5, epoch: Epoch(5), layout: 3),
            RegisterNode.Reply(epoch: Epoch(5), heartbeatSeconds: 5),
            PutObject(kind: .shard, object: name, project: project, byteCount: 100, layout: 3), Done(),
            GetObject(kind: .manifest, object: name, project: project, offset: 1, length: 2),
            GetObject.Reply(byteCount: 100),
            HoldObjects(backup: ArchiveSamples.backup, project: project, until: time, layout: 3), held,
            StageServices(order: order, project: project, keys: keys, services: stages, terms: terms),
            StageServices.Reply(services: staged, warnings: warnings), SwapServices(order: order, services: items),
            SwapServices.Reply(side: .old, reason: HoldfastError(.busy, "x", context: ["a": "b"]), warnings: warnings),
            ConfirmSwap(order: order, services: items),
            DropAside(order: order, services: items, targets: targets, aside: .staged),
            DropAside(order: order, services: [], targets: [], aside: .givenBack(to: order.job)),
        ] + more

    private static let more: [any Codable & Sendable] = [
        StoreProject(order: order, project: project), StoreProject.Reply(version: 7), ListProjects(),
        ListProjects.Reply(count: 1), GetProject(project: project), RemoveProject(order: order, project: project),
        EraseProject(order: order, project: project), EraseProject.Reply(objects: 3, bytes: 4),
        DescribeParts(project: project, keys: keys, terms: terms), DescribeParts.Reply(count: 1),
        [
            PartDescription(
                manifest: name, backup: ArchiveSamples.backup, service: media, createdAt: time,
                environment: EnvironmentReference(project: label("shop"), environment: label("live")), startedAt: time,
                endedAt: time, counts: mediaCounts, warnings: warnings, sizes: PartSizes(),
                notes: ["trigger": "safety"])
        ],
        FindFiles(project: project, keys: keys, manifest: name, terms: terms, pattern: "*.jpg", after: "a/b", limit: 3),
        FindFiles.Reply(isCut: true),
        CompareParts(project: project, keys: keys, old: name, new: name, terms: terms, from: "a/b", limit: 3),
        PartDifference(
            totals: .init(),
            files: [
                FileDifference(
                    path: "a", change: .changed, old: .init(kind: .file, bytes: 1, modifiedAt: time, target: nil),
                    new: .init(kind: .symbolicLink, bytes: nil, modifiedAt: time, target: "b"))
            ],
            tables: [
                TableDifference(
                    schema: "public", name: "t", change: .removed, old: .init(rows: 1, bytes: 2), new: nil)
            ], next: "a"),
        [FoundFile(path: "a", kind: .file, bytes: 1, modifiedAt: time, target: nil, content: "00")],
        RestoreFiles(
            order: order, project: project, keys: keys, manifest: name, references: name, terms: terms,
            target: targets[0], path: "a", place: "b", replaces: true, isForeign: true),
        FileRestoreReport(place: "b", counts: MediaCounts(), keptAs: "b.replaced", warnings: warnings),
        TidyFiles(order: order, target: targets[0]), TidyFiles.Reply(report: nil),
        LocateContent(
            project: project, keys: keys, manifest: name, references: name, terms: terms, path: "a", table: nil,
            subject: "shop/live"), LocateContent.Reply(bytes: 1, layout: "00", isDirectory: false),
        JoinCluster(
            token: Secret("x"), nodeName: label("n1"), region: label("eu"), address: "10.0.0.1:7100", weight: 1.5,
            certificateRequest: "-----BEGIN"),
        JoinCluster.Reply(node: node, certificate: "-----BEGIN"),
        CheckServices(
            services: [
                .init(target: targets[0], purpose: .capture),
                .init(
                    target: targets[1],
                    purpose: .restore(job: order.job, counts: databaseCounts, bytes: 10, fromAnotherProject: true),
                    manifest: name),
                .init(target: targets[0], purpose: .exchange),
            ], source: .init(project: project, keys: keys, terms: terms)), report,
        CaptureServices(
            order: order, backup: ArchiveSamples.backup, project: project,
            environment: EnvironmentReference(project: label("shop"), environment: label("live")),
            notes: ["trigger": "scheduled"], keys: keys, services: targets,
            previous: [.init(service: media, manifest: name, references: name, startedAt: time)], terms: terms,
            holdUntil: time), captured, heartbeat,
        VerifyStaged(
            order: order, project: project, keys: keys,
            services: zip(stages, staged).map { .init(stage: $0, staged: $1) }, terms: terms),
    ]

    /// As JSON.
    static var bodies: [[UInt8]] { all.compactMap { try? WireJSON.bytes(of: $0, "sample") } }
}
