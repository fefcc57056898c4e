import HoldfastArchive
package import HoldfastModel

/// The objects that one node keeps, on its disk.
///
/// ```
/// objects/<kind>/<first two digits>/<name>   complete, synced, and of the hash that is their name
/// incoming/                                  objects on their way; emptied at start
/// quarantine/                                what could not be what its name says; kept for a person to look at
/// holds/<backup>                             which objects a backup protects from collection
/// condemned/<project>                        which shards collection is about to delete
/// projects/<project>                         what a cluster that lost its catalog needs to know of a project, sealed; or
///                                            that it was erased
/// epoch, node-state                          what the node must not forget
/// ```
///
/// Reading and writing happen on the caller's executor, so that many objects are in flight; only the accounts are the
/// actor's own.
package actor ObjectStore {
    package nonisolated let node: NodeID
    nonisolated let disk: any Disk
    nonisolated let time: any TimeSource
    nonisolated let configuration: Configuration
    /// One landing at a time for each path, so that puts of one object don't count it twice.
    nonisolated let landings = Turns<String>()
    nonisolated let recordWrites = Turns<String>()
    /// Held for as long as the store lives, so that no second process works in the same directory.
    private let lock: any Sendable

    var record: NodeRecord
    var epoch: Epoch
    var inventory: Inventory
    var holds: [BackupID: HoldFile.Header]
    var damagedHolds: [String: String]
    /// The backups that have a tombstone here.
    var buried: Set<BackupID>
    var condemnedShards: [ProjectID: Set<ObjectName>]
    /// The projects of which nothing is taken any more.
    var erased: Set<ProjectID>
    /// What is being held right now, by ticket.
    var holding: [UInt64: Set<ObjectName>] = [:]
    var holdTickets: UInt64 = 0
    nonisolated let startedAt: Timestamp
    nonisolated let uptimeAtStart: Duration
    private var readyDirectories: Set<String>
    private var expectedBytes: Int64 = 0
    private var errorsInARow = 0
    private var temporaries: UInt64 = 0
    /// Why the node takes no more writes until it is started again.
    private var failure: HoldfastError?

    /// Opens the data directory, which is made where it is missing.
    /// - Throws: `busy` where another process uses the directory, `conflict` where it belongs to another node, `corrupt`
    ///   where what the node must remember can't be read.
    package init(node: NodeID, disk: any Disk, time: any TimeSource, configuration: Configuration) async throws {
        self.node = node
        self.disk = disk
        self.time = time
        self.configuration = configuration
        startedAt = time.now
        uptimeAtStart = time.uptime
        lock = try await disk.lock("lock")
        record = try await NodeRecord.open(on: disk, node: node)
        epoch = try await EpochRecord.read(from: disk)?.epoch ?? Epoch(0)
        let opening = try await StoreOpening(disk: disk)
        inventory = opening.inventory
        readyDirectories = opening.directories
        holds = opening.holds
        damagedHolds = opening.damagedHolds
        buried = opening.buried
        condemnedShards = opening.condemned
        erased = opening.erased
        await finishErasures()
    }

    package struct Configuration: Sendable {
        /// Bytes of the disk that stay free; nil is the larger of 1 GiB and 2 % of the disk.
        package var reserveBytes: Int64?
        /// The largest object taken.
        package var objectByteLimit: Int64 = 1 << 30
        /// After so many failed writes one after the other the node takes no more.
        package var errorLimit = 3

        package init(reserveBytes: Int64? = nil) { self.reserveBytes = reserveBytes }
    }

    package struct Statistics: Hashable, Sendable {
        package var objects: Int64
        package var storedBytes: Int64
        package var capacityBytes: Int64
        package var freeBytes: Int64
        /// False while the disk is too full or mounted for reading only, and after it failed.
        package var takesWrites: Bool
    }

    package func statistics() async throws -> Statistics {
        let space = try await disk.space()
        return Statistics(
            objects: inventory.objects, storedBytes: inventory.bytes, capacityBytes: space.capacity,
            freeBytes: max(0, space.free),
            takesWrites: failure == nil && !space.isReadOnly && space.free > reserve(of: space))
    }

    /// What was found wrong, for the log and for people.
    package func reports() -> [String] { inventory.reports + damagedHolds.values.sorted() }

    static func path(_ kind: ObjectKind, _ name: ObjectName) -> String {
        let digits = name.description
        return "objects/\(kind.rawValue)/\(digits.prefix(2))/\(digits)"
    }

    // MARK: The accounts of puts

    /// Sets room for an object aside.
    func reserve(_ byteCount: Int64) async throws {
        if let failure { throw failure }
        let space = try await disk.space()
        guard !space.isReadOnly else {
            throw HoldfastError(
                .unavailable,
                "The node's disk is mounted for reading only: look at why, then mount it for writing, and work goes on")
        }
        guard space.free - expectedBytes - byteCount >= reserve(of: space) else {
            throw HoldfastError(
                .noSpace,
                """
                The node's disk has \(space.free) bytes left and keeps \(reserve(of: space)) of them free: give it a \
                larger disk, or join another node
                """)
        }
        expectedBytes += byteCount
    }

    func settle(_ byteCount: Int64, outcome: HoldfastError?) {
        expectedBytes -= byteCount
        switch outcome?.code {
        case nil: errorsInARow = 0
        case .inputOutput:
            errorsInARow += 1
            if errorsInARow >= configuration.errorLimit, let outcome { stopWriting(outcome) }
        default: break
        }
    }

    /// From here on the node takes nothing more until it is started again.
    func stopWriting(_ error: HoldfastError) {
        failure =
            failure ?? error.during("the node takes no more writes until its disk is looked at and it is restarted")
    }

    /// - Parameter project: the one that it was stored for, where it does not say whose it is.
    /// - Throws: `checkFailed` where the project was erased meanwhile.
    func count(
        _ kind: ObjectKind, _ name: ObjectName, of owner: ObjectOwner?, _ byteCount: Int64, for project: ProjectID
    ) throws(HoldfastError) {
        try requireNotErased(owner?.project ?? project)
        inventory.add(kind, name, of: owner, byteCount)
    }

    func uncount(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64) {
        inventory.remove(kind, name, byteCount)
    }

    func temporaryPath() -> String {
        temporaries += 1
        return "incoming/\(temporaries)"
    }

    func isReady(_ directory: String) -> Bool { readyDirectories.contains(directory) }
    func markReady(_ directory: String) { readyDirectories.insert(directory) }

    private func reserve(of space: DiskSpace) -> Int64 {
        configuration.reserveBytes ?? max(1 << 30, space.capacity / 50)
    }
}
