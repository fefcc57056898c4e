import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Who may in, and what they may: for administrators.
struct PeoplePages: Sendable {
    private struct Page {
        struct Person {
            let name: String
            let mail: String
            let may: String
            let state: Badge
            let seen: String
            let isDisabled: Bool
            let isSelf: Bool
            let form: String
        }

        let frame: Frame
        let people: [Person]
        let projects: [String]
    }

    func show(_ visit: Visit, problem: String? = nil) async throws -> Response {
        let users: [UserDetail] = try await visit.get(.userList) {
            if case .users(let value) = $0 { value } else { nil }
        }
        let page = Page(
            frame: Frame(title: "People", in: .people, visit, problem: problem),
            people: users.map { user in
                let state =
                    switch user.state {
                    case .active: Badge("Active", "good")
                    case .invited: Badge("Invited", "warn")
                    case .disabled: Badge("Shut out", "bad")
                    }
                return Page.Person(
                    name: user.name.text, mail: user.mail?.text ?? "", may: AccountPages.may(user), state: state,
                    seen: user.lastLoginAt.map { Words.distance($0, from: visit.now) } ?? "never",
                    isDisabled: user.state == .disabled, isSelf: user.name == visit.principal.user,
                    form: visit.known.formToken.revealed)
            }, projects: try await visit.projects().map(\.name.text))
        return try .page(Templates.render(page, as: "people"), problem == nil ? .ok : .unprocessableContent)
    }

    private struct New {
        let frame: Frame
        let name: String
        let mail: String
        let projects: [String]
    }

    func new(_ visit: Visit, name: String, mail: String, problem: String? = nil) async throws -> Response {
        try visit.requireAdministrator()
        let page = New(
            frame: Frame(title: "Invite somebody", in: .people, visit, problem: problem), name: name, mail: mail,
            projects: try await visit.projects().map(\.name.text))
        return try .page(Templates.render(page, as: "person-new"), problem == nil ? .ok : .unprocessableContent)
    }

    private struct Shown {
        let frame: Frame
        let title: String
        let text: String
        let secret: String?
    }

    func invite(_ visit: Visit, _ form: Form) async throws -> Response {
        do {
            var roles: [Name: Role] = [:]
            if let project = form["project"] {
                roles[try Name(project)] = Role(rawValue: form["role"] ?? "") ?? .viewer
            }
            let made: Credential = try await visit.get(
                .userInvite(
                    UserInvite(
                        name: try Name(form.need("name", "a name")), mail: try form["mail"].map { try MailAddress($0) },
                        roles: roles))
            ) { if case .credential(let value) = $0 { value } else { nil } }
            guard let link = made.link else { return .seeOther("/people", done: .invited) }
            let page = Shown(
                frame: Frame(title: "Invited", in: .people, visit), title: "\(made.user) is invited",
                text: "Hand on this link. Whoever has it sets the password of the account, once.", secret: link.revealed
            )
            return try .page(Templates.render(page, as: "credential"))
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await new(
                visit, name: form["name"] ?? "", mail: form["mail"] ?? "", problem: PageWording.sentence(error))
        }
    }

    func role(_ visit: Visit, _ form: Form) async throws -> Response {
        let project = try Name(form.need("project", "a project"))
        return try await change(
            visit,
            .userRole(
                UserRole(
                    user: try Name(form.need("user", "a name")),
                    grant: .project(project, form["role"].flatMap { Role(rawValue: $0) }))))
    }

    func change(_ visit: Visit, _ command: Command) async throws -> Response {
        do {
            _ = try await visit.perform(command)
            return .seeOther("/people", done: .saved)
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await show(visit, problem: PageWording.sentence(error))
        }
    }
}
