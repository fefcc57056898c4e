import ArgumentParser

/// The grammar's words: nouns, verbs, and the options of each verb.
struct WordCompletion: Sendable {
    private static let shellWords = ["exit", "help", "quit"]

    private let verbs: [String: [String]]
    /// By `noun verb`.
    private let options: [String: [String]]

    init() {
        var verbs: [String: [String]] = [:]
        var options: [String: [String]] = [:]
        for noun in ClientCommands.subcommands {
            guard let name = noun.configuration.commandName else { continue }
            for verb in noun.configuration.subcommands {
                guard let verbName = verb.configuration.commandName else { continue }
                verbs[name, default: []].append(verbName)
                options["\(name) \(verbName)"] = Self.options(in: verb.helpMessage(columns: 1000))
            }
        }
        self.verbs = verbs
        self.options = options
    }

    func candidates(after words: [String], beginning: String) -> [String] {
        let possible =
            switch words.count {
            case 0: verbs.keys + Self.shellWords
            case 1: verbs[words[0]] ?? (words[0] == "help" ? Array(verbs.keys) : [])
            default: beginning.hasPrefix("-") ? options["\(words[0]) \(words[1])"] ?? [] : []
            }
        return possible.filter { $0.hasPrefix(beginning) }.sorted()
    }

    /// Every option stands at the beginning of its own line of the help.
    private static func options(in help: String) -> [String] {
        help.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { !$0.hasPrefix("-") || $0.hasPrefix("--") }
                .flatMap { $0.hasPrefix("--") && line.hasPrefix("  -") ? String($0) : nil }
        }
    }
}
