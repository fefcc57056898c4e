import CPostgres
import Glibc
import HoldfastModel

extension PostgresSession {
    /// Runs one statement of a script, in the session's encoding.
    func run(_ statement: [UInt8]) async throws {
        try start(statement)
        _ = try await results()
    }

    /// Begins a `COPY … FROM stdin`; `copy` gives its data and `endCopy` ends it. A session that is let go of in between loses
    /// its transaction.
    func beginCopy(_ statement: [UInt8]) async throws {
        try start(statement)
        guard let result = try await nextResult() else { throw failure(state: "08006") }
        let status = PQresultStatus(result)
        let error = status == PGRES_COPY_IN ? nil : self.error(of: result)
        PQclear(result)
        guard status == PGRES_COPY_IN else {
            _ = try? await results()
            throw error ?? HoldfastError(.malformed, "\(address): a COPY of the script takes no data")
        }
        // Otherwise a server that takes its time would hold up the thread.
        PQsetnonblocking(connection, 1)
    }

    func copy(_ bytes: ArraySlice<UInt8>) async throws {
        while true {
            let taken = bytes.withContiguousStorageIfAvailable { buffer in
                buffer.withMemoryRebound(to: CChar.self) {
                    PQputCopyData(connection, $0.baseAddress, Int32($0.count))
                }
            }
            guard let taken, taken >= 0 else { throw failure(state: "08006") }
            try await flush()
            if taken == 1 { return }
        }
    }

    /// - Throws: what the server has against the data.
    func endCopy() async throws {
        while true {
            let taken = PQputCopyEnd(connection, nil)
            guard taken >= 0 else { throw failure(state: "08006") }
            try await flush()
            if taken == 1 { break }
        }
        PQsetnonblocking(connection, 0)
        _ = try await results()
    }

    private func start(_ statement: [UInt8]) throws {
        try Task.checkCancellation()
        let sent = (statement + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { PQsendQuery(connection, $0.baseAddress) }
        }
        guard sent == 1 else { throw failure(state: "08006") }
    }

    /// Waits until everything is sent.
    private func flush() async throws {
        while true {
            let left = PQflush(connection)
            guard left >= 0 else { throw failure(state: "08006") }
            guard left > 0 else { return }
            try Task.checkCancellation()
            // What the server says meanwhile must be read, or it would stop reading too.
            if Self.poll(PQsocket(connection), for: Int16(POLLOUT | POLLIN)), PQconsumeInput(connection) != 1 {
                throw failure(state: "08006")
            }
            await Task.yield()
        }
    }
}
