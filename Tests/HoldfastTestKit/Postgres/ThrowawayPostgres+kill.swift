import Foundation

extension ThrowawayPostgres {
    /// `kill -9` of the server and all of its sessions at once, as when the machine's power goes. Returns when they are gone.
    package func kill() throws {
        let text = try String(contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8)
        guard let postmaster = text.split(separator: "\n").first.flatMap({ Int32($0) }) else { return }
        // A stopped server starts no further session.
        Glibc.kill(postmaster, SIGSTOP)
        let all = [postmaster] + ChildProcesses.of(postmaster).map(\.identifier)
        for process in all { Glibc.kill(process, SIGKILL) }
        // A server does not start while there is a process of its predecessor's number, be it one that has ended and was
        // not yet waited for.
        while all.contains(where: { Glibc.kill($0, 0) == 0 }) { usleep(1000) }
    }
}
