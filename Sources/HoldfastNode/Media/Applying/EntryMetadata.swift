import Glibc
import HoldfastArchive
import HoldfastModel

/// Gives a thing its owner, attributes, mode and times, in the order in which none undoes another: a change of owner drops
/// setuid and capabilities, an access control list changes the mode's group bits, and everything changes the times.
struct EntryMetadata {
    /// Whether this process may do what only root may.
    let isRoot: Bool

    /// An empty name stands for what `handle` has open. `warn` is told what could not be set: a node that isn't root, or
    /// a file system that lacks something, restores what it can.
    func apply(
        _ entry: MediaEntry, to name: [UInt8], in handle: MediaHandle, warn: (String) -> Void
    ) throws(CallFailure) {
        var isLink = false
        if case .symbolicLink = entry.kind { isLink = true }
        try tolerate("its owner \(entry.owner):\(entry.group)", warn) { () throws(CallFailure) in
            if isRoot { return try handle.setOwner(entry.owner, entry.group, of: name) }
            let status = try handle.status(of: name)
            guard status.owner != entry.owner || status.group != entry.group else { return }
            try handle.setOwner(entry.owner, entry.group, of: name)
        }
        for attribute in entry.attributes {
            try tolerate("its attribute \(String.printable(bytes: attribute.name))", warn) { () throws(CallFailure) in
                try handle.setAttribute(attribute, of: name)
            }
        }
        if !isLink {
            var mode = entry.mode
            // What runs as its owner must not run as ours where the owner could not be set.
            if !isRoot, try handle.status(of: name).owner != entry.owner { mode &= 0o1777 }
            try handle.setMode(mode, of: name)
        }
        try handle.setModified(entry.modified, of: name)
    }

    private func tolerate(
        _ what: String, _ warn: (String) -> Void, _ body: () throws(CallFailure) -> Void
    ) throws(CallFailure) {
        do {
            try body()
        } catch {
            guard error.meansRefused || error.meansNotSupported || error.number == ERANGE || error.number == E2BIG
            else {
                throw error
            }
            warn("could not be given \(what): \(error.text)")
        }
    }
}
