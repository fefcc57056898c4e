import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastWeb

@Suite struct RouteTests {
    /// Whatever a person can ask at the console, a program can ask here.
    @Test func everyKindOfCommandHasARoute() {
        let missing = Set(Command.Kind.allCases).subtracting(APIRoutes.all.map(\.kind))
        #expect(missing == [])
    }

    @Test func noTwoRoutesAreOne() {
        var seen: Set<String> = []
        for route in APIRoutes.all {
            let shape = route.segments.map { $0.hasPrefix("{") ? "{}" : String($0) }.joined(separator: "/")
            #expect(seen.insert("\(route.method) \(shape)").inserted, "\(route.method) \(route.path)")
            let names = (route.pathFields + route.query + (route.body ?? [])).map(\.name)
            #expect(Set(names).count == names.count, "\(route.path)")
        }
    }

    /// Changes are never by GET, which anything may send.
    @Test func changesAreNoGets() {
        let looking: Set<Command.Kind> = [
            .clusterStatus, .nodeList, .policyList, .mailList, .noticeList, .userList, .userShow, .tokenList,
            .sessionList,
            .auditList,
            .projectList,
            .projectShow, .environmentList, .environmentShow, .backupList, .backupShow, .backupTables, .backupFiles,
            .backupFind, .backupDiff, .backupGet,
            .scheduleShow, .scheduleList,
            .retentionShow, .restoreShow, .restoreList, .downloadList, .downloadShow, .jobList, .jobShow, .jobWatch,
        ]
        for route in APIRoutes.all where route.method == .get { #expect(looking.contains(route.kind), "\(route.path)") }
    }

    /// What the document says of answers is read off the types; these alone are left open.
    @Test func theDocumentSaysWhatTypesSay() throws {
        let document = OpenAPIDocument(APIRoutes.all)
        #expect(document.opaque == [])
        guard case .object(let components) = document.json["components"]?["schemas"] ?? [:] else { return }
        #expect(components["Backup"]?["properties"]?["createdAt"] == ["type": "string", "format": "date-time"])
        guard case .array(let required) = components["Backup"]?["required"] ?? [] else { return }
        #expect(required.contains("createdAt") && !required.contains("endedAt"))
        #expect(
            components["User.State"] == nil
                && components["UserDetail"]?["properties"]?["state"]?["enum"] == ["active", "invited", "disabled"])
        // Every reference leads somewhere.
        func references(_ value: JSONValue) -> [String] {
            switch value {
            case .object(let members):
                members.flatMap { key, value in key == "$ref" ? [value.text ?? ""] : references(value) }
            case .array(let items): items.flatMap(references)
            default: []
            }
        }
        for reference in references(document.json) {
            #expect(components[reference.split(separator: "/").last.map(String.init) ?? ""] != nil, "\(reference)")
        }
    }
}
