import HoldfastModel

/// As it goes to people and comes back. Whatever comes back is checked where it is used.
extension ManifestPosition {
    package var text: String {
        var writer = ByteWriter()
        writer.place(self)
        return writer.bytes.hexadecimal
    }

    /// Nil for what is no such text.
    package init?(text: String) {
        guard let bytes = [UInt8](hexadecimal: text) else { return nil }
        var reader = ByteReader(bytes, "place")
        guard let place = try? reader.place(), (try? reader.finish()) != nil else { return nil }
        self = place
    }
}
