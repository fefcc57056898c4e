/// A project's environment as people name it: `shop/live`.
package struct EnvironmentReference: Hashable, Comparable, Sendable {
    package let project: Name
    package let environment: Name

    package init(project: Name, environment: Name) {
        self.project = project
        self.environment = environment
    }

    /// - Throws: `invalidArgument` unless `text` is two names with a slash between them.
    package init(_ text: String) throws(HoldfastError) {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count == 2 else {
            throw HoldfastError(
                .invalidArgument,
                "“\(text.printable(limit: 90))” is no environment: write PROJECT/ENVIRONMENT, for example shop/live")
        }
        self.init(project: try Name(String(pieces[0])), environment: try Name(String(pieces[1])))
    }

    /// What a job that is for a whole project is shown to be on: `shop/*`.
    package static func all(of project: Name) -> EnvironmentReference {
        EnvironmentReference(project: project, environment: .every)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.project, left.environment) < (right.project, right.environment)
    }
}

extension EnvironmentReference: CustomStringConvertible {
    package var description: String { "\(project)/\(environment)" }
}

extension EnvironmentReference: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if text.hasSuffix("/*") {
            self = .all(of: try Name(String(text.dropLast(2))))
        } else {
            try self.init(text)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
