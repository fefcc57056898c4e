import HoldfastModel
import HoldfastPostgres
import Testing

@Suite struct ConnectionStringTests {
    @Test func readsURIsAndPairs() throws {
        let uri = try DatabaseConnectionString.parse("postgresql://me:p%40ss@db.example:6543/shop?sslmode=require")
        #expect(
            uri.address
                == DatabaseAddress(host: "db.example", port: 6543, database: "shop", user: "me", sslMode: "require"))
        #expect(uri.password?.revealed == "p@ss")
        let pairs = try DatabaseConnectionString.parse("host=::1 dbname='my shop' user=me")
        #expect(
            pairs.address
                == DatabaseAddress(host: "::1", port: 5432, database: "my shop", user: "me", sslMode: "prefer"))
        #expect(pairs.password == nil)
    }

    @Test(arguments: [
        ("postgresql://me@db/shop?service=other", "service"),
        ("postgresql://me@db/shop?passfile=/etc/passwd", "passfile"),
        ("host=db dbname=shop user=me sslkey=/etc/key", "sslkey"),
        ("host=db dbname=shop user=me options='-c role=root'", "options"),
        ("host=db hostaddr=10.0.0.1 dbname=shop user=me", "hostaddr"),
        ("host=a,b dbname=shop user=me", "hosts"),
        ("dbname=shop user=me", "host"),
        ("host=db user=me", "dbname"),
        ("host=db dbname=shop", "user"),
        ("host=db dbname=shop user=me port=0", "port"),
        ("host=db dbname=shop user=me port=seven", "port"),
        ("host=db dbname=shop user=me sslmode=perhaps", "sslmode"),
        ("host=db dbname=shop user=me password='secret", "can't be read"),
        ("", "host"),
        ("postgresql://me:secret@[db/shop", "can't be read"),
    ])
    func refuses(_ text: String, naming word: String) {
        let error = #expect(throws: HoldfastError.self) { try DatabaseConnectionString.parse(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(word) == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func refusesLongTextAndNUL() {
        #expect(throws: HoldfastError.self) {
            try DatabaseConnectionString.parse("host=db dbname=shop user=" + String(repeating: "x", count: 5000))
        }
        #expect(throws: HoldfastError.self) { try DatabaseConnectionString.parse("host=db dbname=shop user=me\0x") }
    }
}
