import HoldfastCoordinator
import HoldfastModel
import HoldfastNode
import Testing

@testable import holdfast

/// `limits` in `coordinator.yaml`; `bandwidth` and `hooks` in `node.yaml`.
struct LimitSettingsTests {
    private func coordinator(_ text: String) throws -> CoordinatorSettings {
        try CoordinatorSettings.parse("dataDirectory: /d\nlisten: a:1\nconsole: b:2\n" + text)
    }

    private func node(_ text: String) throws -> NodeSettings {
        try NodeSettings.parse("name: n\nregion: r\ndataDirectory: /d\ncoordinators: [a:1]\n" + text)
    }

    @Test func limitsAreReadAndTheOthersStay() throws {
        var configuration = CoordinatorConfiguration(softwareVersion: "test")
        try coordinator("limits:\n  jobsPerNode: 7\n  stalledAfterMinutes: 30").limits?.apply(to: &configuration)
        #expect(configuration.limits.jobsPerNode == 7 && configuration.stalledAfter == .seconds(1800))
        #expect(configuration.limits.jobsPerDatabaseServer == 2 && configuration.limits.jobsPerProject == 4)
        #expect(try coordinator("").limits == nil)
    }

    @Test(arguments: [
        ("jobsPerNode: 0", "jobsPerNode"), ("jobsPerHouse: 1", "jobsPerHouse"), ("jobsPerNode: many", "jobsPerNode"),
    ])
    func mistakesInLimitsAreNamed(_ text: String, _ named: String) throws {
        let error = try #require(throws: HoldfastError.self) { try coordinator("limits:\n  \(text)") }
        #expect(error.code == .invalidArgument && error.message.contains(named), "\(error.message)")
    }

    @Test func bandwidthIsRead() throws {
        let text = """
            bandwidth:
              rate: 20 MB/s
              timeZone: Europe/Zurich
              windows:
                - mon-fri 08:00-18:00: 5 MB/s
                - sat,sun 00:00-24:00: unlimited
            """
        let table = try #require(try node(text).bandwidth?.timetable())
        func rate(_ time: String) -> Int64? { Timestamp(time).flatMap(table.rate)?.bytesPerSecond }
        #expect(rate("2026-11-23T06:59:59Z") == 20_000_000 && rate("2026-11-23T07:00:00Z") == 5_000_000)
        #expect(rate("2026-11-28T12:00:00Z") == nil)
        #expect(try node("bandwidth: {}").bandwidth?.timetable().usual == nil)
    }

    @Test(arguments: [
        "rate: fast", "timeZone: Here", "windows: [{mon 08:00-09:00: 1 MB/s, tue 08:00-09:00: 1 MB/s}]",
        "windows: [{someday: 1 MB/s}]", "rat: 1 MB/s", "windows: [mon]",
    ])
    func mistakesInBandwidthAreRefused(_ text: String) {
        #expect(throws: HoldfastError.self) { _ = try node("bandwidth:\n  \(text)").bandwidth?.timetable() }
    }

    @Test func hooksAreRead() throws {
        let text = """
            hooks:
              - name: workers
                environments: [shop/live, blog]
                before: [/usr/local/bin/workers, stop]
                after: [/usr/local/bin/workers, start]
                timeoutSeconds: 60
                onFailure: warn
              - name: flush
                after: [/bin/flush]
            """
        let hooks = try HookSettings.hooks(try node(text).hooks ?? [])
        #expect(
            hooks == [
                BackupHook(
                    name: try Name("workers"),
                    scopes: [.environment(try EnvironmentReference("shop/live")), .project(try Name("blog"))],
                    before: ["/usr/local/bin/workers", "stop"], after: ["/usr/local/bin/workers", "start"],
                    timeout: .seconds(60), onFailure: .warn),
                BackupHook(name: try Name("flush"), after: ["/bin/flush"]),
            ])
    }

    @Test(arguments: [
        "- name: a", "- name: a\n    before: [workers]", "- name: a\n    before: []", "- before: [/bin/true]",
        "- name: a\n    before: [/bin/true]\n  - name: a\n    after: [/bin/true]",
        "- name: a\n    before: [/bin/true]\n    timeoutSeconds: 0",
        "- name: a\n    before: [/bin/true]\n    onFailure: panic",
        "- name: a\n    befor: [/bin/true]", "- name: a\n    before: [/bin/true]\n    environments: [shop/live/x]",
    ])
    func mistakesInHooksAreRefused(_ text: String) {
        #expect(throws: HoldfastError.self) { _ = try HookSettings.hooks(try node("hooks:\n  \(text)").hooks ?? []) }
    }
}
