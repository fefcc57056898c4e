import HoldfastCommands
import HoldfastModel
import Testing

@Suite struct PermissionTests {
    /// Everything that changes a project's data needs at least an operator, and what can't be got back an owner.
    @Test func permissionsOfEveryCommand() throws {
        let shop = try Name("shop")
        let live = try EnvironmentReference("shop/live")
        let test = try EnvironmentReference("other/test")
        let backup = try #require(BackupID("0123456789ab"))
        let other = try #require(BackupID("0123456789ac"))
        let job = try #require(JobID("0123456789ab"))
        let media = ServiceReference(.media)
        let restore = RestoreRequest(backup: backup, destination: test)
        let table: [(Command, [Permission])] = [
            (.clusterStatus, [.anyone]), (.nodeList, [.anyone]), (.nodeToken(NodeToken()), [.administrator]),
            (.policyList, [.anyone]), (.repairRun(RepairRun(project: shop)), [.role(.owner, project: shop)]),
            (.repairRun(RepairRun()), [.administrator]),
            (.mailList, [.administrator]),
            (.projectCreate(ProjectCreate(name: shop)), [.administrator]), (.projectList, [.anyone]),
            (.projectShow(shop), [.role(.viewer, project: shop)]), (.projectRemove(shop), [.administrator]),
            (.environmentCreate(EnvironmentCreate(environment: live)), [.role(.owner, project: shop)]),
            (.environmentList(project: nil), [.anyone]),
            (.environmentList(project: shop), [.role(.viewer, project: shop)]),
            (.environmentShow(live), [.role(.viewer, project: shop)]),
            (.environmentChange(EnvironmentChange(environment: live)), [.role(.owner, project: shop)]),
            (.environmentRemove(live), [.role(.owner, project: shop)]),
            (.environmentCheck(live), [.role(.operator, project: shop)]),
            (
                .serviceSet(ServiceSet(environment: live, service: media, location: .media(path: "/m"))),
                [.role(.owner, project: shop)]
            ),
            (.serviceRemove(live, media), [.role(.owner, project: shop)]),
            (.backupCreate(BackupCreate(environment: live)), [.role(.operator, project: shop)]),
            (.backupList(BackupList()), [.anyone]),
            (.backupList(BackupList(environment: live)), [.role(.viewer, project: shop)]),
            (.backupShow(backup), [.roleForBackup(.viewer, backup)]),
            (.backupTables(BackupTableList(backup: backup)), [.roleForBackup(.viewer, backup)]),
            (.backupFiles(BackupFileList(backup: backup)), [.roleForBackup(.viewer, backup)]),
            (.backupFind(BackupFind(project: shop, pattern: "x")), [.role(.viewer, project: shop)]),
            (
                .backupDiff(BackupDiff(old: backup, new: other)),
                [.roleForBackup(.viewer, backup), .roleForBackup(.viewer, other)]
            ),
            (
                .restoreFile(FileRestoreRequest(backup: backup, path: "x", destination: test)),
                [.roleForBackup(.operator, backup), .role(.operator, project: test.project)]
            ),
            (.backupGet(BackupGet(backup: backup, what: .path("x"))), [.roleForBackup(.operator, backup)]),
            (.backupCancel(backup), [.roleForBackup(.operator, backup)]),
            (.backupVerify(backup), [.roleForBackup(.operator, backup)]),
            (.backupDelete(backup), [.roleForBackup(.owner, backup)]),
            (.backupUndelete(backup), [.roleForBackup(.operator, backup)]),
            (.backupPin(backup), [.roleForBackup(.operator, backup)]),
            (.backupUnpin(backup), [.roleForBackup(.operator, backup)]),
            (.backupExpire(BackupExpire(backup: backup, when: .never)), [.roleForBackup(.owner, backup)]),
            (.backupNote(BackupNote(backup: backup, note: "")), [.roleForBackup(.operator, backup)]),
            (
                .scheduleSet(ScheduleSet(environment: live, timing: .preset(.daily))),
                [.role(.owner, project: shop)]
            ),
            (.scheduleShow(live), [.role(.viewer, project: shop)]), (.scheduleList(project: nil), [.anyone]),
            (.scheduleList(project: shop), [.role(.viewer, project: shop)]),
            (.schedulePause(live), [.role(.owner, project: shop)]),
            (.scheduleResume(live), [.role(.owner, project: shop)]),
            (.scheduleRemove(live), [.role(.owner, project: shop)]),
            (.retentionShow(.project(shop)), [.role(.viewer, project: shop)]),
            (
                .retentionSet(RetentionSet(scope: .environment(live), rules: RetentionRules())),
                [.role(.owner, project: shop)]
            ),
            (.retentionReset(.project(shop)), [.role(.owner, project: shop)]),
            (.retentionPreview(RetentionPreview(environment: live)), [.role(.viewer, project: shop)]),
            (
                .restorePlan(restore),
                [.roleForBackup(.viewer, backup), .role(.viewer, project: test.project)]
            ),
            (
                .restoreStart(restore),
                [.roleForBackup(.operator, backup), .role(.operator, project: test.project)]
            ),
            (
                .restoreStart(RestoreRequest(backup: backup, destination: test, withoutSafety: true)),
                [.roleForBackup(.operator, backup), .role(.owner, project: test.project)]
            ),
            (.restoreShow(job), [.roleForJob(.viewer, job)]), (.restoreList(nil), [.anyone]),
            (.restoreList(live), [.role(.viewer, project: shop)]),
            (.restoreCancel(job), [.roleForJob(.operator, job)]),
            (.restoreUndo(UndoRequest(restore: job)), [.roleForJob(.operator, job)]),
            (.restoreUndo(UndoRequest(restore: job, withoutSafety: true)), [.roleForJob(.owner, job)]),
            (.restoreResume(job), [.roleForJob(.operator, job)]), (.jobList(all: true), [.anyone]),
            (.jobShow(job), [.roleForJob(.viewer, job)]), (.jobCancel(job), [.roleForJob(.operator, job)]),
            (.jobWatch(job), [.roleForJob(.viewer, job)]),
        ]
        for (command, permissions) in table { #expect(command.permissions == permissions, "\(command)") }
    }

    @Test func rolesIncludeThoseBelow() throws {
        let shop = try Name("shop")
        let person = Principal(name: "o", roles: [shop: .operator])
        #expect(person.has(.viewer, in: shop) && person.has(.operator, in: shop) && !person.has(.owner, in: shop))
        #expect(!person.has(.viewer, in: try Name("other")))
        #expect(Principal(name: "a", isAdministrator: true).has(.owner, in: shop))
    }

    @Test func selectors() throws {
        let orders = try ServiceReference(.database, name: "orders")
        #expect(ServiceSelector.kind(.database).selects(orders))
        #expect(!ServiceSelector.kind(.media).selects(orders))
        #expect(!ServiceSelector.service(ServiceReference(.database)).selects(orders))
    }
}
