import HoldfastArchive
import HoldfastModel

enum SHA {
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        var check = ObjectCheck()
        bytes.withUnsafeBytes { check.update($0) }
        return check.name.description
    }
}
