extension Origin {
    /// What attempts are counted by: an IPv4 address, or the /64 network of an IPv6 one, which is one site's.
    package var place: String {
        guard let address, address.contains(":") else { return address ?? "-" }
        let text = address.split(separator: "%").first.map(String.init) ?? ""
        if let last = text.split(separator: ":").last, last.contains(".") { return String(last) }
        let sides = text.components(of: "::")
        let front = sides[0].split(separator: ":").map(String.init)
        let back = sides.count > 1 ? sides[1].split(separator: ":").map(String.init) : []
        let zeros = sides.count > 1 ? max(0, 8 - front.count - back.count) : 0
        let groups = front + [String](repeating: "0", count: zeros) + back
        return groups.prefix(4).map { String(UInt16($0, radix: 16) ?? 0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}

extension String {
    /// Split at the first `mark`, into one part or two.
    fileprivate func components(of mark: String) -> [String] {
        guard let range = firstRange(of: mark) else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
