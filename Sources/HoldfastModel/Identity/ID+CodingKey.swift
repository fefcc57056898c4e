/// An identifier may be the key of a dictionary in JSON.
extension ID: CodingKeyRepresentable {
    package var codingKey: any CodingKey { text.codingKey }

    package init?(codingKey: some CodingKey) {
        self.init(codingKey.stringValue)
    }
}
