import CLinux
import Glibc
import HoldfastArchive

/// Extended attributes, access control lists among them. An empty name stands for what the handle has open.
extension MediaHandle {
    /// The kernel's own limit for a list of names and for a value.
    private static let largest = 65_536

    /// Sorted by name. Empty where the file system has none. Most files have no attributes, which costs one call.
    func attributes(of name: [UInt8]) throws(CallFailure) -> [MediaEntry.ExtendedAttribute] {
        var list: [UInt8]
        do {
            list = try attributeNames(of: name, room: 1024)
        } catch {
            switch error.number {
            case EOPNOTSUPP, ENOSYS: return []
            case ERANGE: list = try attributeNames(of: name, room: Self.largest)
            default: throw error
            }
        }
        var result: [MediaEntry.ExtendedAttribute] = []
        for attribute in list.split(separator: 0) {
            // What is removed between the two calls, or is listed without being readable, isn't there.
            guard let value = try value(of: Array(attribute), name) else { continue }
            result.append(MediaEntry.ExtendedAttribute(name: Array(attribute), value: value))
        }
        return result.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    func setAttribute(_ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in
                attribute.name.withName { key in
                    attribute.value.withUnsafeBytes {
                        linux_set_attribute(number, name, key, $0.baseAddress, $0.count)
                    }
                }
            })
    }

    func removeAttribute(_ attribute: [UInt8], of name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in attribute.withName { linux_remove_attribute(number, name, $0) } })
    }

    private func attributeNames(of name: [UInt8], room: Int) throws(CallFailure) -> [UInt8] {
        try withScratch(room) { (buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) in
            let count = try CallFailure.check(
                name.withName { linux_list_attributes(number, $0, buffer.baseAddress, room) })
            return Array(buffer.prefix(count))
        }
    }

    private func value(of attribute: [UInt8], _ name: [UInt8]) throws(CallFailure) -> [UInt8]? {
        for room in [1024, Self.largest] {
            let value: [UInt8]? = try withScratch(room) {
                (buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) -> [UInt8]? in
                let count = name.withName { name in
                    attribute.withName { linux_get_attribute(number, name, $0, buffer.baseAddress, room) }
                }
                if count == -Int(ERANGE) { return nil }
                if [-Int(ENODATA), -Int(EOPNOTSUPP), -Int(EACCES), -Int(EPERM)].contains(count) { return [] }
                return [1] + Array(buffer.prefix(try CallFailure.check(count)))
            }
            if let value { return value.isEmpty ? nil : Array(value.dropFirst()) }
        }
        return nil
    }
}
