import Glibc
import HoldfastArchive

/// Extended attributes, access control lists among them. An empty name stands for what the handle has open.
extension MediaHandle {
    /// Sorted by name. Empty where the file system has none. Most files have no attributes, which costs one call.
    func attributes(of name: [UInt8]) throws(CallFailure) -> [MediaEntry.ExtendedAttribute] {
        let list: [[UInt8]]
        do {
            list = try calls.attributeNames(of: name, in: number)
        } catch {
            guard error.number == EOPNOTSUPP || error.number == ENOSYS else { throw error }
            return []
        }
        guard !list.isEmpty else { return [] }
        var result: [MediaEntry.ExtendedAttribute] = []
        for attribute in list {
            // What is removed between the two calls, or is listed without being readable, isn't there.
            guard let value = try value(of: attribute, name) else { continue }
            result.append(MediaEntry.ExtendedAttribute(name: attribute, value: value))
        }
        return result.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    func setAttribute(_ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8]) throws(CallFailure) {
        try calls.setAttribute(attribute, of: name, in: number)
    }

    func removeAttribute(_ attribute: [UInt8], of name: [UInt8]) throws(CallFailure) {
        try calls.removeAttribute(attribute, of: name, in: number)
    }

    private func value(of attribute: [UInt8], _ name: [UInt8]) throws(CallFailure) -> [UInt8]? {
        do {
            return try calls.attribute(attribute, of: name, in: number)
        } catch {
            guard [ENODATA, EOPNOTSUPP, EACCES, EPERM, ERANGE].contains(error.number) else { throw error }
            return nil
        }
    }
}
