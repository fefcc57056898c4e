package import HoldfastModel
package import HoldfastWire

/// Looks at a tree before anything is done to it, changing nothing.
package struct MediaInspection: Sendable {
    private let roots: MediaRoots
    private let node: NodeID

    package init(roots: MediaRoots, node: NodeID) {
        self.roots = roots
        self.node = node
    }

    /// Never throws: what is wrong is a problem of the report.
    package func report(
        on service: ServiceReference, path: String, purpose: CheckServices.Purpose
    ) -> CheckReport.ServiceReport {
        var report = CheckReport.ServiceReport(service: service)
        do {
            let root = try roots.open(path)
            report.identity = try Self.identity(of: root, node: node)
            let space = try Self.space(at: root)
            report.facts.append(.init("directory", path.printable(limit: 4096)))
            report.facts.append(.init("free", "\(space.bytes >> 20) MiB"))
            switch purpose {
            case .capture: report.problems = reading(root)
            case .restore(_, let counts, let bytes, _):
                report.problems = changing(root) + room(for: bytes, counts, space, path)
            case .exchange: report.problems = changing(root)
            }
        } catch {
            let problem = HoldfastError(error)
            report.problems.append(.init(.error, problem.code, problem.message))
        }
        return report
    }

    /// The tree's root and what lies above it on the same file system.
    package static func identity(of root: MediaDirectory, node: NodeID) throws -> PhysicalIdentity {
        var ancestors: [FileIdentity] = []
        do {
            var handle = root.handle
            var last = try handle.status()
            while !last.isMountRoot {
                let parent = try handle.parent()
                let status = try parent.status()
                guard status.identity.device == last.identity.device, status.identity != last.identity else { break }
                ancestors.append(status.identity)
                (handle, last) = (parent, status)
            }
        } catch {
            throw error.error("look above", Array(root.path.utf8))
        }
        return .media(node: node, root: root.identity, ancestors: ancestors)
    }

    package struct Space: Sendable {
        /// What this process may still use.
        package var bytes: UInt64
        /// Nil where the file system has no fixed number.
        package var inodes: UInt64?
        fileprivate var type: UInt64
    }

    package static func space(at root: MediaDirectory) throws -> Space {
        do {
            let space = try root.handle.space()
            return Space(
                bytes: space.availableBytes, inodes: space.totalInodes == 0 ? nil : space.availableInodes,
                type: space.type)
        } catch {
            throw error.error("look at the free space of", Array(root.path.utf8))
        }
    }

    private func reading(_ root: MediaDirectory) -> [CheckReport.Problem] {
        do {
            _ = try NameList(of: root.handle.directory(at: Array(".".utf8)))
            return []
        } catch {
            let problem = error.error("list the directory", Array(root.path.utf8))
            return [.init(.error, problem.code, problem.message)]
        }
    }

    private func changing(_ root: MediaDirectory) -> [CheckReport.Problem] {
        var problems: [CheckReport.Problem] = []
        do {
            try root.handle.calls.requireChangeable(root.handle.number)
        } catch {
            let problem = error.error("make and rename things in", Array(root.path.utf8))
            problems.append(.init(.error, problem.code, problem.message))
        }
        do {
            _ = try MediaExchange.things(in: root.handle, isRoot: true)
        } catch {
            let problem =
                (error as? CallFailure)?.error("list the directory", Array(root.path.utf8)) ?? HoldfastError(error)
            problems.append(.init(.error, problem.code, problem.message))
        }
        if let space = try? Self.space(at: root), Self.withoutExchange.contains(space.type) {
            problems.append(
                .init(
                    .warning, .unsupported,
                    "The file system of '\(root.path)' can't exchange two names in one step; each name will be missing for "
                        + "a moment during the swap."))
        }
        return problems
    }

    /// NFS, CIFS, SMB 2 and FUSE.
    private static let withoutExchange: Set<UInt64> = [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546]

    private func room(
        for bytes: Int64, _ counts: BackupPart.Counts, _ space: Space, _ path: String
    ) -> [CheckReport.Problem] {
        guard case .media(let counts) = counts else { return [] }
        var problems: [CheckReport.Problem] = []
        let inodes = UInt64(
            clamping: [counts.files, counts.directories, counts.symbolicLinks, counts.others].reduce(Int64(0)) {
                $0.addingClamped($1)
            })
        // Each thing may fill a last block by half, which is 2 KiB on most file systems.
        let (needed, overflows) = UInt64(clamping: bytes).addingReportingOverflow(
            inodes.multipliedReportingOverflow(by: 2048).0)
        if overflows || space.bytes < needed {
            problems.append(
                .init(
                    .error, .noSpace,
                    "The file system of '\(path)' has \(space.bytes >> 20) MiB free; the restore needs about "
                        + "\(needed >> 20) MiB beside the present content. Free some space and try again."))
        }
        if let free = space.inodes, free < inodes {
            problems.append(
                .init(
                    .error, .noSpace,
                    "The file system of '\(path)' has room for \(free) more files; the restore makes \(inodes)."))
        }
        return problems
    }
}
