/// Which part of a file a request asks for, and whether it needs any, as RFC 9110 says it.
struct RangeRequest: Hashable, Sendable {
    enum Answer: Hashable, Sendable {
        case whole
        case part(Range<Int64>)
        /// 304: the client has it.
        case notModified
        /// 412: it is not what the client thinks it is.
        case preconditionFailed
        /// 416: there is no such part.
        case notSatisfiable
    }

    var isGet: Bool
    var range: String?
    var ifRange: String?
    var ifMatch: String?
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var ifUnmodifiedSince: String?

    /// - Parameters:
    ///   - etag: the file's, with its quotes; a strong one.
    ///   - modified: as its date field says it.
    ///   - modifiedSeconds: the same, since 1970.
    func answer(byteCount: Int64, etag: String, modified: String, modifiedSeconds: Int64) -> Answer {
        if let ifMatch {
            guard Self.tags(ifMatch).contains(where: { $0 == "*" || $0 == etag }) else { return .preconditionFailed }
        } else if let date = ifUnmodifiedSince.flatMap(HTTPDate.seconds), modifiedSeconds > date {
            return .preconditionFailed
        }
        if let ifNoneMatch {
            let weak = Self.tags(ifNoneMatch).map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 }
            if weak.contains(where: { $0 == "*" || $0 == etag }) { return .notModified }
        } else if let date = ifModifiedSince.flatMap(HTTPDate.seconds), modifiedSeconds <= date {
            return .notModified
        }
        guard isGet, let range else { return .whole }
        if let ifRange, ifRange != etag, ifRange != modified { return .whole }
        return Self.part(range, of: byteCount)
    }

    /// What is no range of bytes is as if it weren't there; several ranges are answered with the whole.
    private static func part(_ field: String, of byteCount: Int64) -> Answer {
        let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, sides[0].trimmed.lowercased() == "bytes", !sides[1].contains(",") else { return .whole }
        let ends = sides[1].split(separator: "-", omittingEmptySubsequences: false).map(\.trimmed)
        guard ends.count == 2 else { return .whole }
        switch (number(ends[0]), number(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return .whole }
            return first < byteCount ? .part(first..<min(last, byteCount - 1) + 1) : .notSatisfiable
        case (let first?, nil) where ends[1].isEmpty:
            return first < byteCount ? .part(first..<byteCount) : .notSatisfiable
        case (nil, let count?) where ends[0].isEmpty:
            return count > 0 && byteCount > 0 ? .part(max(0, byteCount - count)..<byteCount) : .notSatisfiable
        default: return .whole
        }
    }

    /// Digits only; a number beyond all files is the largest one.
    private static func number(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text) ?? Int64.max - 1
    }

    /// The tags of a list. None of ours has a comma in it.
    private static func tags(_ field: String) -> [String] { field.split(separator: ",").map(\.trimmed) }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
