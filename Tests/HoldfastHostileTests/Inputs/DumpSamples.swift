/// Small dumps in PostgreSQL's custom format, written by hand: none needs a server.
enum DumpSamples {
    static let connectionStrings = [
        "postgresql://shop:s3cret@db.example:5432/shop?sslmode=require", "host=/tmp dbname=a user=b",
        "host=db port=5433 dbname='a b' user=c password=d\\'e",
    ].map { Array($0.utf8) }

    static var dumps: [[UInt8]] { [12, 14, 16].map { [6] + dump(minor: $0) } }

    private static func integer(_ value: Int32) -> [UInt8] {
        [value < 0 ? 1 : 0] + withUnsafeBytes(of: value.magnitude.littleEndian) { Array($0) }
    }

    private static func string(_ text: String?) -> [UInt8] {
        text.map { integer(Int32($0.utf8.count)) + Array($0.utf8) } ?? integer(-1)
    }

    private static func dump(minor: UInt8) -> [UInt8] {
        var bytes = Array("PGDMP".utf8) + [1, minor, 0, 4, 8, 1]
        bytes += minor >= 15 ? [0] : integer(0)
        for value in [1, 2, 3, 4, 5, 126, 0] as [Int32] { bytes += integer(value) }
        bytes += string("shop") + string("15.4") + string("15.4") + integer(3)
        bytes += entry(1, "EXTENSION", "pgcrypto", minor, copy: nil, hasData: false)
        bytes += entry(2, "TABLE DATA", "orders", minor, copy: "COPY public.orders FROM stdin;\n", hasData: true)
        bytes += entry(3, "BLOBS", "BLOBS", minor, copy: nil, hasData: true)
        let rows = Array("1\ta\n2\tb\n\\.\n\n\n".utf8)
        bytes += [1] + integer(2) + integer(Int32(rows.count)) + rows + integer(0)
        bytes += [3] + integer(3) + integer(16400) + integer(2) + [7, 8] + integer(0) + integer(0)
        return bytes
    }

    private static func entry(
        _ id: Int32, _ kind: String, _ tag: String, _ minor: UInt8, copy: String?, hasData: Bool
    ) -> [UInt8] {
        var bytes = integer(id) + integer(hasData ? 1 : 0) + string("0") + string("0") + string(tag) + string(kind)
        bytes += integer(2) + string("CREATE") + string("DROP") + string(copy) + string("public") + string(nil)
        if minor >= 14 { bytes += string("heap") }
        if minor >= 16 { bytes += integer(114) }
        bytes += string("owner") + string("false") + string("1") + string(nil)
        return bytes + [hasData ? 2 : 3] + [UInt8](repeating: 0, count: 8)
    }
}
