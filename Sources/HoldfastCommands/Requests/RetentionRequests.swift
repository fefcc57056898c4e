package import HoldfastModel

/// What a policy is for: a project with all of its environments, or one environment.
package enum RetentionScope: Hashable, Codable, Sendable {
    case project(Name)
    case environment(EnvironmentReference)

    package var project: Name {
        switch self {
        case .project(let name): name
        case .environment(let environment): environment.project
        }
    }
}

extension RetentionScope: CustomStringConvertible {
    package var description: String {
        switch self {
        case .project(let name): "\(name)"
        case .environment(let environment): "\(environment)"
        }
    }
}

/// Changes some of the rules; what they don't mention stays as it is.
package struct RetentionSet: Hashable, Codable, Sendable {
    package var scope: RetentionScope
    package var rules: RetentionRules

    package init(scope: RetentionScope, rules: RetentionRules) {
        self.scope = scope
        self.rules = rules
    }
}

/// What would be kept, and until when; also under rules that are not saved.
package struct RetentionPreview: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var rules: RetentionRules

    package init(environment: EnvironmentReference, rules: RetentionRules = RetentionRules()) {
        self.environment = environment
        self.rules = rules
    }
}
