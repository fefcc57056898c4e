import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Drops or gives back what a job put beside live services. Everything may be repeated.
struct AsideWork {
    let resources: WorkerResources
    let notes: WorkNotes
    let job: JobID
    var removing: TreeRemoval.Step = { () throws(CallFailure) in }

    func run(_ message: DropAside) async throws {
        for item in message.services {
            switch message.aside {
            case .staged: try await dropStaged(item)
            case .old: try await dropOld(item)
            case .givenBack(let earlier): try await giveBack(item, to: earlier)
            }
        }
        // What was noted and never reported: the worker died before its answer was journalled.
        let reported = Set(message.services.map(\.target.service))
        for entry in try await notes.read(job).entries where !reported.contains(entry.service) {
            guard let target = message.targets.first(where: { $0.service == entry.service }) else {
                throw HoldfastError(
                    .needsAttention,
                    "This node began to stage \(entry.service) for job \(job), and the order to drop it names no such service"
                )
            }
            try await undo(entry.work, at: target)
        }
        try await notes.remove(job)
    }

    /// Takes back what a note says was begun.
    func undo(_ work: WorkNote.Work, at target: ServiceTarget) async throws {
        switch work {
        case .database(let name, let oid):
            let login = try resources.login(target)
            if let oid {
                try await resources.databases.drop(StagedDatabase(oid: oid, name: name), on: login)
            } else if let made = try await resources.databases.find(name, on: login) {
                try await resources.databases.drop(made, on: login)
            }
        case .media(let identity):
            let root = try resources.root(target)
            if let identity {
                try dropMedia(root, identity, unless: .new)
            } else {
                try MediaStaging.discard(in: root, job: job)
            }
        case .takenDatabase(_, let oid, let from, let name):
            let login = try resources.login(target)
            try await rename(oid, name, to: from, on: login)
        case .takenMedia(let earlier, let identity):
            try MediaStaging.giveBack(in: try resources.root(target), from: job, to: earlier, expected: identity)
        }
    }

    private func dropStaged(_ item: SwapServices.Item) async throws {
        switch item.staged.content {
        case .database(_, let staged, let name):
            let login = try resources.login(item.target)
            try await resources.databases.drop(StagedDatabase(oid: staged, name: name), on: login)
        // Whatever was loaded was rolled back.
        case .databaseInPlace: break
        case .media(_, let identity, _): try dropMedia(try resources.root(item.target), identity, unless: .new)
        }
    }

    private func dropOld(_ item: SwapServices.Item) async throws {
        switch item.staged.content {
        case .database(let live, _, let name):
            let login = try resources.login(item.target)
            let kept = StagingNames.keptDatabase(job, staged: name)
            try await resources.databases.drop(StagedDatabase(oid: live, name: kept), on: login)
        case .databaseInPlace(let live):
            // Already so, but where a person accepted what could not be confirmed.
            let inPlace = InPlaceItem(login: try resources.login(item.target), oid: live, job: job)
            do {
                try await resources.databases.confirm(inPlace)
            } catch let error as HoldfastError where error.code == .conflict {
                // Another database bears the name by now, and nothing of this job is in it.
            }
        case .media(_, let identity, _): try dropMedia(try resources.root(item.target), identity, unless: .old)
        }
    }

    private func giveBack(_ item: SwapServices.Item, to earlier: JobID) async throws {
        switch item.staged.content {
        case .database(_, let staged, let name):
            let login = try resources.login(item.target)
            let base = StagingNames.stagedDatabase(job)
            let number = name.hasPrefix(base) ? String(name.dropFirst(base.count)) : ""
            let noted = try await notes.read(job).work(on: item.target.service)
            var kept = StagingNames.keptDatabase(earlier) + number
            if case .takenDatabase(_, _, let from, _) = noted { kept = from }
            try await rename(staged, name, to: kept, on: login)
        case .databaseInPlace: throw StagingWork.wrongContent(item.target.service)
        case .media(_, let identity, _):
            try MediaStaging.giveBack(
                in: try resources.root(item.target), from: job, to: earlier, expected: identity)
        }
    }

    /// The name it has may be either already.
    private func rename(_ oid: UInt32, _ name: String, to newName: String, on login: DatabaseLogin) async throws {
        if try await resources.databases.find(newName, on: login)?.oid == oid { return }
        try await resources.databases.rename(StagedDatabase(oid: oid, name: name), to: newName, on: login)
    }

    /// The same directory holds the staged content before a swap and the old content after it.
    private func dropMedia(_ root: MediaDirectory, _ identity: FileIdentity, unless wrong: MediaExchange.Side) throws {
        // The side was looked at before an earlier removal began; what that left would tell nothing.
        if try !MediaStaging.isBeingDropped(in: root, job: job, expected: identity) {
            try checkSide(root, identity, unless: wrong)
        }
        try MediaStaging.drop(in: root, job: job, expected: identity, step: removing)
    }

    private func checkSide(_ root: MediaDirectory, _ identity: FileIdentity, unless wrong: MediaExchange.Side) throws {
        guard let staging = try MediaStaging.find(in: root, job: job, expected: identity) else { return }
        if let side = try MediaExchange.open(staging)?.side(), side == wrong || side == .mixed {
            throw HoldfastError(
                .conflict,
                """
                '\(root.path)/\(staging.directory)' holds what should stay: the exchange of job \(job) is \
                \(side == .mixed ? "half done" : "on its other side"). Look at the job before anything is dropped
                """)
        }
    }
}
