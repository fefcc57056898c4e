import Crypto
import HoldfastModel

/// Subkeys, told apart by what they are for.
enum KeyDerivation {
    static let chunkNames = "holdfast/1/chunk-name"
    static let gearTable = "holdfast/1/gear-table"
    static let references = "holdfast/1/references"
    static let tombstones = "holdfast/1/tombstone"
    static let clusterSecrets = "holdfast/1/cluster-secret"
    static let clusterCodes = "holdfast/1/cluster-code"

    static func shard(_ project: ProjectID) -> String { "holdfast/1/shard/\(project)" }
    static func manifest(_ project: ProjectID) -> String { "holdfast/1/manifest/\(project)" }

    static func key(_ material: [UInt8], salt: [UInt8] = [], info: String, byteCount: Int = 32) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: material), salt: salt, info: Array(info.utf8),
            outputByteCount: byteCount)
    }

    static func bytes(_ material: [UInt8], info: String, byteCount: Int) -> [UInt8] {
        key(material, info: info, byteCount: byteCount).withUnsafeBytes { Array($0) }
    }
}
