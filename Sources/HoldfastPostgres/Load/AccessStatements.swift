/// Reads which roles the GRANT and REVOKE statements of a dump's entry name.
enum AccessStatements {
    struct Roles: Equatable {
        /// Who gets or loses rights.
        var grantees: Set<String> = []
        /// In whose name: `SET SESSION AUTHORIZATION`, `FOR ROLE`, `GRANTED BY`.
        var grantors: Set<String> = []
    }

    static func roles(in statements: String) -> Roles {
        var roles = Roles()
        for statement in SQLWords.words(in: statements).split(separator: .symbol(";")) {
            read(Array(statement), into: &roles)
        }
        return roles
    }

    private static func read(_ words: [SQLWords.Word], into roles: inout Roles) {
        func next(_ index: Int) -> String? { words.indices.contains(index + 1) ? words[index + 1].name : nil }
        for (index, word) in words.enumerated() {
            switch word {
            case .bare("AUTHORIZATION"), .bare("BY"):
                // `SET SESSION AUTHORIZATION DEFAULT` goes back to the role that logged in.
                if let name = next(index), words[index + 1] != .bare("DEFAULT") { roles.grantors.insert(name) }
            case .bare("ROLE"):
                if index > 0, words[index - 1] == .bare("FOR"), let name = next(index) { roles.grantors.insert(name) }
            case .bare("TO"), .bare("FROM"):
                if let name = next(index), words[index + 1] != .bare("PUBLIC") { roles.grantees.insert(name) }
            default: break
            }
        }
    }
}
