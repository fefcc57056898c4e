import Crypto
import HoldfastModel

/// Seals the pieces of one object with AES-256-GCM.
///
/// The nonce is a domain (four bytes) and a counter (eight); the associated data is the object's header and the nonce,
/// so that no piece can stand in another object or at another place.
struct Sealer: Sendable {
    enum Domain: UInt32 {
        case content = 0
        case ending = 1
    }

    let key: SymmetricKey
    let header: [UInt8]

    func seal(_ plain: [UInt8], _ domain: Domain, _ counter: UInt64) throws(HoldfastError) -> [UInt8] {
        var sealed: [UInt8] = []
        sealed.reserveCapacity(plain.count + Limits.tagBytes)
        try seal(plain, domain, counter, onto: &sealed)
        return sealed
    }

    /// Appends what was sealed, as many bytes as there are plain ones and `Limits.tagBytes`.
    func seal(
        _ plain: [UInt8], _ domain: Domain, _ counter: UInt64, onto bytes: inout [UInt8]
    ) throws(HoldfastError) {
        let nonce = nonce(domain, counter)
        do {
            let box = try AES.GCM.seal(
                plain, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: header + nonce)
            box.ciphertext.withUnsafeBytes { bytes.append(contentsOf: $0) }
            box.tag.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } catch {
            throw HoldfastError(.internal, "Encryption failed: \(error)")
        }
    }

    /// - Throws: `corrupt` where the bytes, the key or the place are not those of the sealing.
    func open(
        _ sealed: [UInt8], _ domain: Domain, _ counter: UInt64, subject: @autoclosure () -> String
    ) throws(HoldfastError) -> [UInt8] {
        let nonce = nonce(domain, counter)
        do {
            guard sealed.count >= Limits.tagBytes else { throw CryptoKitError.authenticationFailure }
            let split = sealed.count - Limits.tagBytes
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: sealed[..<split], tag: sealed[split...])
            return Array(try AES.GCM.open(box, using: key, authenticating: header + nonce))
        } catch {
            throw HoldfastError(
                .corrupt,
                "The \(subject()) can't be opened: its bytes were changed, or were sealed with another key.")
        }
    }

    private func nonce(_ domain: Domain, _ counter: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.integer(domain.rawValue)
        writer.integer(counter)
        return writer.bytes
    }
}
