import CLinux
import Glibc
package import HoldfastArchive

/// Extended attributes, access control lists among them.
extension LinuxFileCalls {
    /// A size that seldom falls short, and the kernel's own limit for a list of names and for a value.
    private static let rooms = [1024, 65_536]

    package func attributeNames(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [[UInt8]] {
        let list = try filled { (buffer: UnsafeMutableRawBufferPointer) in
            name.withName { linux_list_attributes(directory, $0, buffer.baseAddress, buffer.count) }
        }
        return list.isEmpty ? [] : list.split(separator: 0).map { Array($0) }
    }

    package func attribute(
        _ key: [UInt8], of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) -> [UInt8] {
        try filled { buffer in
            name.withName { name in
                key.withName { linux_get_attribute(directory, name, $0, buffer.baseAddress, buffer.count) }
            }
        }
    }

    package func setAttribute(
        _ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in
                attribute.name.withName { key in
                    attribute.value.withUnsafeBytes {
                        linux_set_attribute(directory, name, key, $0.baseAddress, $0.count)
                    }
                }
            })
    }

    package func removeAttribute(
        _ key: [UInt8], of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in key.withName { linux_remove_attribute(directory, name, $0) } })
    }

    /// What the call puts into a buffer, which is made larger where the call finds it too small.
    private func filled(
        _ call: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(CallFailure) -> [UInt8] {
        for room in Self.rooms {
            let bytes = try withScratch(room) {
                (buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) -> [UInt8]? in
                let count = call(buffer)
                if count == -Int(ERANGE) { return nil }
                return Array(buffer.prefix(try CallFailure.check(count)))
            }
            if let bytes { return bytes }
        }
        throw CallFailure(ERANGE)
    }
}
