import HoldfastModel
import HoldfastNode

/// One of `hooks:` in `node.yaml`: what is run around backups.
struct HookSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, environments, before, after, timeoutSeconds, onFailure
    }

    var name: Name
    /// `shop/live`, or `shop` for all environments of a project; all that this node backs up unless said otherwise.
    var environments: [String]?
    /// A program by its absolute path, and its arguments. No shell is involved.
    var before: [String]?
    var after: [String]?
    /// 300 unless said otherwise.
    var timeoutSeconds: Int?
    var onFailure: BackupHook.Failure?

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(Name.self, forKey: .name)
        environments = try container.decodeIfPresent([String].self, forKey: .environments)
        before = try container.decodeIfPresent([String].self, forKey: .before)
        after = try container.decodeIfPresent([String].self, forKey: .after)
        timeoutSeconds = try container.decodeIfPresent(Int.self, forKey: .timeoutSeconds)
        onFailure = try container.decodeIfPresent(BackupHook.Failure.self, forKey: .onFailure)
    }

    /// - Throws: `invalidArgument`.
    func hook() throws(HoldfastError) -> BackupHook {
        guard before != nil || after != nil else { throw mistake("has neither “before” nor “after”") }
        for command in [before, after].compactMap(\.self) {
            guard let program = command.first, program.hasPrefix("/"), !command.contains(where: { $0.contains("\0") })
            else { throw mistake("names a program that is no absolute path: write [/usr/local/bin/NAME, ARGUMENT]") }
        }
        guard (1...86_400).contains(timeoutSeconds ?? 300) else {
            throw mistake("has a “timeoutSeconds” that is not from 1 to 86400")
        }
        var scopes: [BackupHook.Scope] = []
        for text in environments ?? [] {
            scopes.append(
                text.contains("/") ? .environment(try EnvironmentReference(text)) : .project(try Name(text)))
        }
        return BackupHook(
            name: name, scopes: scopes, before: before, after: after, timeout: .seconds(timeoutSeconds ?? 300),
            onFailure: onFailure ?? .fail)
    }

    /// - Throws: `invalidArgument` also where two have one name: what a node that died left to run goes by it.
    static func hooks(_ settings: [HookSettings]) throws(HoldfastError) -> [BackupHook] {
        var hooks: [BackupHook] = []
        for setting in settings {
            guard !hooks.contains(where: { $0.name == setting.name }) else {
                throw setting.mistake("is there twice: give each a name of its own")
            }
            hooks.append(try setting.hook())
        }
        return hooks
    }

    private func mistake(_ what: String) -> HoldfastError {
        HoldfastError(.invalidArgument, "The hook “\(name)” \(what)")
    }
}
