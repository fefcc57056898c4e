import HTTPTypes

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let robots = known("X-Robots-Tag")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a field") }
        return name
    }
}
