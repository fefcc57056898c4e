import HoldfastModel

extension PostgresServer {
    package func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
        let facts = try await databaseFacts(login)
        let directory = try await tools.directory(for: facts.serverMajor)
        let files = try ToolDirectory(in: temporaryDirectory)
        let run = ToolRun(
            tool: "pg_dump", directory: directory,
            arguments: [
                "--format=custom", "--compress=0", "--no-sync", "--no-password", "--dbname=\(ToolRun.keepAlive)",
            ],
            login: login, passwordFile: try files.passwordFile(login.password))
        var framing = DumpFraming()
        var refusal: HoldfastError?
        let ending = try await run.read { bytes in
            // Framing errors wait for the tool's end, whose own words tell more than "cut short".
            guard refusal == nil else { return }
            var start = 0
            while start < bytes.count {
                let step: (count: Int, mark: DumpFraming.Mark?)
                do {
                    step = try bytes[start...].withUnsafeBytes { try framing.consume($0) }
                } catch {
                    refusal = HoldfastError(error)
                    return
                }
                try await sink.write(bytes[start..<start + step.count])
                if step.mark != nil { try await sink.boundary() }
                start += step.count
            }
        }
        guard ending.isSuccess else { throw run.failure(ending) }
        if let refusal { throw refusal }
        try framing.finish()
        guard let contents = framing.contents else { throw HoldfastError(.malformed, "The dump is empty") }
        return DumpSummary(
            tables: framing.tables, largeObjects: framing.largeObjects, bytes: framing.position,
            toolVersion: contents.toolVersion, facts: facts)
    }

    private func databaseFacts(_ login: DatabaseLogin) async throws -> DatabaseFacts {
        try await DatabaseFacts.read(PostgresSession.connect(login))
    }
}
