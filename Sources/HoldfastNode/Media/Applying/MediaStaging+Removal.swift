package import HoldfastModel

/// A removal that anything may interrupt, and that is then begun again and finished.
extension MediaStaging {
    /// Says that all that lies beside it is to go. It is what was `parked/` before, so making it takes no space, and it is
    /// the last that goes.
    static let droppingName = Array("dropping".utf8)

    /// Whether a removal of a job's staging directory was begun and not finished, so that what is left of it tells nothing
    /// any more. `expected` is its identity in the journal: anything else of that name is `conflict`.
    static func isBeingDropped(in root: MediaDirectory, job: JobID, expected: FileIdentity) throws -> Bool {
        let name = Array(StagingNames.mediaDirectory(job).utf8)
        do {
            guard let status = try root.handle.statusIfPresent(of: name) else { return false }
            guard status.identity == expected, status.kind == .directory else { throw foreign(root, name) }
            return try isBeingDropped(TreeRemoval.open(name, in: root.handle))
        } catch let failure as CallFailure {
            throw failure.error("look at the staging directory", name)
        }
    }

    /// Nothing at all is left at a removal's end, or was there yet when its making stopped.
    static func isBeingDropped(_ handle: MediaHandle) throws(CallFailure) -> Bool {
        if try handle.statusIfPresent(of: droppingName) != nil { return true }
        return try NameList(of: handle).count == 0
    }

    /// Removes the staging directory of a job and all that is in it, without following anything. May be repeated; nothing
    /// there is no error. `expected` is its identity in the journal: anything else of that name is left alone, as `conflict`.
    static func drop(
        in root: MediaDirectory, job: JobID, expected: FileIdentity, step: TreeRemoval.Step
    ) throws {
        let name = Array(StagingNames.mediaDirectory(job).utf8)
        do {
            guard let status = try root.handle.statusIfPresent(of: name) else { return }
            guard status.identity == expected, status.kind == .directory else { throw foreign(root, name) }
            try root.preservingTimes { () throws(CallFailure) in
                let handle = try TreeRemoval.open(name, in: root.handle)
                guard try handle.status().identity == expected else { throw CallFailure.replaced }
                try beginDropping(handle, step)
                let names = try NameList(of: handle)
                for index in 0..<names.count where names[index] != droppingName {
                    try TreeRemoval.remove(names[index], in: handle, step: step)
                }
                try handle.sync()
                try TreeRemoval.remove(name, expected: expected, in: root.handle, step: step)
                try root.handle.sync()
            }
        } catch let failure as CallFailure {
            throw failure.error("remove the staging directory", name)
        }
    }

    package static func drop(in root: MediaDirectory, job: JobID, expected: FileIdentity) throws {
        try drop(in: root, job: job, expected: expected) { () throws(CallFailure) in }
    }

    /// Removes what a job had begun to make and died before its identity was journalled. Only for a job whose own notes
    /// say that it began here.
    package static func discard(in root: MediaDirectory, job: JobID) throws {
        let name = Array(StagingNames.mediaDirectory(job).utf8)
        do {
            guard let status = try root.handle.statusIfPresent(of: name) else { return }
            try drop(in: root, job: job, expected: status.identity)
        } catch let failure as CallFailure {
            throw failure.error("look at", name)
        }
    }

    private static func beginDropping(_ handle: MediaHandle, _ step: TreeRemoval.Step) throws(CallFailure) {
        guard try !isBeingDropped(handle) else { return }
        try step()
        if try handle.statusIfPresent(of: parkedName) != nil {
            try handle.rename(parkedName, to: droppingName, in: handle)
        } else {
            try handle.makeDirectory(droppingName)
        }
        try handle.sync()
    }
}
