import HoldfastModel
import Testing

@testable import HoldfastNode

@Suite struct DatabaseHostsTests {
    @Test(arguments: [
        ("db.example", 5432, true), ("DB.example", 6000, true), ("10.0.0.1", 5432, true), ("10.0.0.1", 5433, false),
        ("other", 5432, false), ("db.example,other", 5432, false), ("::1", 5432, true), ("::1", 5433, false),
        ("/var/run/postgresql", 5432, false),
        // Other spellings of what is allowed, lists, and things that a resolver or libpq might take for something else.
        ("", 5432, false), (",", 5432, false), ("10.0.0.1,evil", 5432, false), ("10.0.0.1:5432", 22, false),
        ("db.example:5432", 5432, false), ("db.example.", 5432, false), (" db.example", 5432, false),
        ("db.example\n", 5432, false), ("db.example evil", 5432, false), ("10.0.0.01", 5432, false),
        ("10.1", 5432, false), ("0x0a000001", 5432, false), ("167772161", 5432, false), ("[::1]", 5432, false),
        ("0:0:0:0:0:0:0:1", 5432, false), ("::1%lo", 5432, false), ("::ffff:10.0.0.1", 5432, false),
        ("localhost", 5432, false), ("@abstract", 5432, false), ("/", 5432, false), ("db.example/..", 5432, false),
        ("fe80::1", 6000, true), ("fe80::1:7000", 6000, false), ("/run/db", 5432, true), ("/run/db/", 5432, false),
        ("/run/db,/run/other", 5432, false),
    ])
    func allows(_ host: String, _ port: Int, _ allowed: Bool) {
        let hosts = DatabaseHosts(["db.example", "10.0.0.1:5432", "[::1]:5432", "fe80::1", "/run/db"])
        let address = DatabaseAddress(host: host, port: port, database: "shop", user: "shop", sslMode: "prefer")
        if allowed {
            #expect(throws: Never.self) { try hosts.allow(address) }
        } else {
            #expect { try hosts.allow(address) } throws: { ($0 as? HoldfastError)?.code == .notAllowedHere }
        }
    }

    /// libpq would make something else of them, even where the settings name them.
    @Test(arguments: ["", "db.example,evil", ","]) func noListOfHostsIsAHost(_ host: String) {
        let address = DatabaseAddress(host: host, port: 5432, database: "shop", user: "shop", sslMode: "prefer")
        #expect(throws: HoldfastError.self) { try DatabaseHosts([host, "db.example"]).allow(address) }
    }

    @Test(arguments: ["", "host", "host:", ":5", "host:0", "host:70000", "a:b:5", "ho st:5", "[::1]", "[]:5"])
    func refusesAddresses(_ text: String) {
        #expect(throws: HoldfastError.self) { try NetworkAddress(text) }
    }

    @Test func readsAddresses() throws {
        #expect(try NetworkAddress("[::1]:8").host == "::1")
        #expect(try NetworkAddress("[::1]:8").description == "[::1]:8")
        #expect(try NetworkAddress("node-1:9000").port == 9000)
    }
}
