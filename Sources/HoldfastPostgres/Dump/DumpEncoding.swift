import Glibc

/// The encoding that a dump's own texts are in: that of its database, of which names and statements are told to people and
/// to a server as UTF-8.
struct DumpEncoding: Sendable {
    static let utf8 = DumpEncoding(converter: nil)

    /// The C library's name for it; nil where texts are taken as they are.
    private let converter: String?

    private init(converter: String?) { self.converter = converter }

    /// - Parameter statement: the definition of a dump's entry ENCODING: `SET client_encoding = 'LATIN1';`
    init(statement: String) {
        let name = statement.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        self.init(converter: Self.converters[name] ?? Self.family(name))
    }

    func decode(_ bytes: UnsafeRawBufferPointer) -> String {
        guard let converter, bytes.contains(where: { $0 >= 0x80 }), let text = Self.convert(bytes, from: converter)
        else { return String(decoding: bytes, as: UTF8.self) }
        return text
    }

    private static let converters = [
        "LATIN1": "ISO-8859-1", "LATIN2": "ISO-8859-2", "LATIN3": "ISO-8859-3", "LATIN4": "ISO-8859-4",
        "LATIN5": "ISO-8859-9", "LATIN6": "ISO-8859-10", "LATIN7": "ISO-8859-13", "LATIN8": "ISO-8859-14",
        "LATIN9": "ISO-8859-15", "LATIN10": "ISO-8859-16", "ISO_8859_5": "ISO-8859-5", "ISO_8859_6": "ISO-8859-6",
        "ISO_8859_7": "ISO-8859-7", "ISO_8859_8": "ISO-8859-8", "KOI8R": "KOI8-R", "KOI8U": "KOI8-U",
        "EUC_JP": "EUC-JP", "EUC_CN": "EUC-CN", "EUC_KR": "EUC-KR", "EUC_TW": "EUC-TW",
        "EUC_JIS_2004": "EUC-JISX0213",
    ]

    /// `WIN1252` is the code page 1252.
    private static func family(_ name: String) -> String? {
        name.hasPrefix("WIN") && Int(name.dropFirst(3)) != nil ? "CP\(name.dropFirst(3))" : nil
    }

    private static func convert(_ bytes: UnsafeRawBufferPointer, from name: String) -> String? {
        let converter = iconv_open("UTF-8", name)
        guard let converter, Int(bitPattern: converter) != -1 else { return nil }
        defer { iconv_close(converter) }
        // No character of these encodings takes more than three bytes for each of its own.
        var output = [CChar](repeating: 0, count: 3 * bytes.count + 4)
        var input = bytes.map { CChar(bitPattern: $0) }
        var (inputLeft, outputLeft) = (input.count, output.count)
        let isDone = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                return iconv(converter, &from, &inputLeft, &to, &outputLeft) != Int(bitPattern: UInt.max)
                    && inputLeft == 0
            }
        }
        guard isDone else { return nil }
        return String(decoding: output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
