import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import Testing

/// A live database with “old” in it and a staged one with “new”, on a real server or on a model.
struct DatabaseScene {
    var driver: any DatabaseServer
    var login: DatabaseLogin
    var item: SwapItem
    var job: JobID
    var staged: StagedDatabase
    /// The stamp in the database of that name; nil where there is no such database.
    var stamp: (String) async throws -> String?

    /// - Parameter job: twelve characters; names of databases are made of it.
    static func real(_ job: String) async throws -> DatabaseScene {
        let server = try await SharedPostgres.server()
        let live = "live_\(job)"
        try await server.sql("CREATE DATABASE \(live)")
        try await server.sql("CREATE TABLE stamp AS SELECT 'old'::text AS stamp", in: live)
        return try await make(ThrowawayPostgres.driver, server.login(live), job) { name in
            try await server.sql("CREATE TABLE stamp AS SELECT 'new'::text AS stamp", in: name)
        } stamp: { name in
            let found = try await server.sql("SELECT 1 FROM pg_database WHERE datname = '\(name)'")
            return found.isEmpty ? nil : try await server.sql("SELECT stamp FROM stamp", in: name)
        }
    }

    static func model(
        _ job: String, on server: ModelDatabaseServer, time: any TimeSource,
        during: @escaping @Sendable (ModelDatabaseStep) async throws -> Void = { _ in }
    ) async throws -> DatabaseScene {
        let live = "live_\(job)"
        server.makeDatabase(live, ModelTables(tables: ["stamp": ["old"]]), properties: ["work_mem": "7MB"])
        let address = DatabaseAddress(host: "db", port: 5432, database: live, user: "app", sslMode: "disable")
        let driver = ModelDatabaseDriver(servers: ["db:5432": server], time: time, during: during)
        return try await make(driver, DatabaseLogin(address: address, password: nil), job) { name in
            #expect(server.write(to: name) { $0.tables["stamp"] = ["new"] })
        } stamp: { name in
            server.content(of: name).map { $0.stamp ?? "" }
        }
    }

    private static func make(
        _ driver: any DatabaseServer, _ login: DatabaseLogin, _ job: String,
        fill: (String) async throws -> Void, stamp: @escaping (String) async throws -> String?
    ) async throws -> DatabaseScene {
        let job = try #require(JobID(job))
        let live = try #require(try await driver.find(login.address.database, on: login))
        let facts = try #require(try await driver.inspect(login, for: .exchange).facts)
        let staged = try await driver.createStaged(
            beside: login, name: StagingNames.stagedDatabase(job), locale: facts.locale)
        try await fill(staged.name)
        return DatabaseScene(
            driver: driver, login: login, item: SwapItem(login: login, live: live.oid, staged: staged.oid), job: job,
            staged: staged, stamp: stamp)
    }
}
