extension Origin {
    /// What attempts, connections and the like are counted by.
    package var place: Place {
        guard let address, address.contains(":") else { return Place(address ?? "-") }
        let text = address.split(separator: "%").first.map(String.init) ?? ""
        if let last = text.split(separator: ":").last, last.contains(".") { return Place(String(last)) }
        let sides = text.components(of: "::")
        let front = sides[0].split(separator: ":").map(String.init)
        let back = sides.count > 1 ? sides[1].split(separator: ":").map(String.init) : []
        let zeros = sides.count > 1 ? max(0, 8 - front.count - back.count) : 0
        let groups = (front + [String](repeating: "0", count: zeros) + back).prefix(4)
            .map { String(UInt16($0, radix: 16) ?? 0, radix: 16) }
        return Place(
            site: groups.joined(separator: ":") + "::/64", owner: groups.prefix(3).joined(separator: ":") + "::/48")
    }
}

extension String {
    /// Split at the first `mark`, into one part or two.
    fileprivate func components(of mark: String) -> [String] {
        guard let range = firstRange(of: mark) else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
