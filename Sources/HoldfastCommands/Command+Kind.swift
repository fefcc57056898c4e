/// What a command is, without what it is about: for tables that have a row for each.
extension Command {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case clusterStatus = "cluster status"
        case nodeList = "node list"
        case nodeToken = "node token"
        case nodeChange = "node change"
        case nodeRemove = "node remove"
        case nodeScrub = "node scrub"
        case policyList = "policy list"
        case policySet = "policy set"
        case policyRemove = "policy remove"
        case repairRun = "repair run"
        case catalogRebuild = "catalog rebuild"
        case projectPolicy = "project policy"
        case mailTest = "mail test"
        case mailList = "mail list"
        case mailRetry = "mail retry"
        case noticeList = "notice list"
        case noticeAdd = "notice add"
        case noticeRemove = "notice remove"
        case noticeTest = "notice test"
        case userList = "user list"
        case userShow = "user show"
        case userInvite = "user invite"
        case userCreate = "user create"
        case userDisable = "user disable"
        case userEnable = "user enable"
        case userRemove = "user remove"
        case userPassword = "user password"
        case userRole = "user role"
        case tokenList = "token list"
        case tokenCreate = "token create"
        case tokenRevoke = "token revoke"
        case sessionList = "session list"
        case sessionRevoke = "session revoke"
        case auditList = "audit list"
        case projectCreate = "project create"
        case projectList = "project list"
        case projectShow = "project show"
        case projectRemove = "project remove"
        case projectErase = "project erase"
        case projectRotateKey = "project rotate-key"
        case environmentCreate = "environment create"
        case environmentList = "environment list"
        case environmentShow = "environment show"
        case environmentChange = "environment change"
        case environmentRemove = "environment remove"
        case environmentCheck = "environment check"
        case serviceSet = "service set"
        case serviceRemove = "service remove"
        case backupCreate = "backup create"
        case backupList = "backup list"
        case backupShow = "backup show"
        case backupTables = "backup tables"
        case backupFiles = "backup files"
        case backupFind = "backup find"
        case backupDiff = "backup diff"
        case backupGet = "backup get"
        case backupCancel = "backup cancel"
        case backupVerify = "backup verify"
        case backupDelete = "backup delete"
        case backupUndelete = "backup undelete"
        case backupPin = "backup pin"
        case backupUnpin = "backup unpin"
        case backupExpire = "backup expire"
        case backupNote = "backup note"
        case scheduleSet = "schedule set"
        case scheduleShow = "schedule show"
        case scheduleList = "schedule list"
        case schedulePause = "schedule pause"
        case scheduleResume = "schedule resume"
        case scheduleRemove = "schedule remove"
        case retentionShow = "retention show"
        case retentionSet = "retention set"
        case retentionReset = "retention reset"
        case retentionPreview = "retention preview"
        case restorePlan = "restore plan"
        case restoreStart = "restore start"
        case restoreFile = "restore file"
        case restoreShow = "restore show"
        case restoreList = "restore list"
        case restoreCancel = "restore cancel"
        case restoreUndo = "restore undo"
        case restoreResume = "restore resume"
        case collectRun = "collect run"
        case downloadPrepare = "download prepare"
        case downloadList = "download list"
        case downloadShow = "download show"
        case downloadLinks = "download links"
        case downloadRevoke = "download revoke"
        case jobList = "job list"
        case jobShow = "job show"
        case jobWatch = "job watch"
        case jobCancel = "job cancel"
    }

    package var kind: Kind {
        switch self {
        case .clusterStatus: .clusterStatus
        case .nodeList: .nodeList
        case .nodeToken: .nodeToken
        case .nodeChange: .nodeChange
        case .nodeRemove: .nodeRemove
        case .nodeScrub: .nodeScrub
        case .policyList: .policyList
        case .policySet: .policySet
        case .policyRemove: .policyRemove
        case .repairRun: .repairRun
        case .catalogRebuild: .catalogRebuild
        case .projectPolicy: .projectPolicy
        case .mailTest: .mailTest
        case .mailList: .mailList
        case .mailRetry: .mailRetry
        case .noticeList: .noticeList
        case .noticeAdd: .noticeAdd
        case .noticeRemove: .noticeRemove
        case .noticeTest: .noticeTest
        case .userList: .userList
        case .userShow: .userShow
        case .userInvite: .userInvite
        case .userCreate: .userCreate
        case .userDisable: .userDisable
        case .userEnable: .userEnable
        case .userRemove: .userRemove
        case .userPassword: .userPassword
        case .userRole: .userRole
        case .tokenList: .tokenList
        case .tokenCreate: .tokenCreate
        case .tokenRevoke: .tokenRevoke
        case .sessionList: .sessionList
        case .sessionRevoke: .sessionRevoke
        case .auditList: .auditList
        case .projectCreate: .projectCreate
        case .projectList: .projectList
        case .projectShow: .projectShow
        case .projectRemove: .projectRemove
        case .projectErase: .projectErase
        case .projectRotateKey: .projectRotateKey
        case .environmentCreate: .environmentCreate
        case .environmentList: .environmentList
        case .environmentShow: .environmentShow
        case .environmentChange: .environmentChange
        case .environmentRemove: .environmentRemove
        case .environmentCheck: .environmentCheck
        case .serviceSet: .serviceSet
        case .serviceRemove: .serviceRemove
        case .backupCreate: .backupCreate
        case .backupList: .backupList
        case .backupShow: .backupShow
        case .backupTables: .backupTables
        case .backupFiles: .backupFiles
        case .backupFind: .backupFind
        case .backupDiff: .backupDiff
        case .backupGet: .backupGet
        case .backupCancel: .backupCancel
        case .backupVerify: .backupVerify
        case .backupDelete: .backupDelete
        case .backupUndelete: .backupUndelete
        case .backupPin: .backupPin
        case .backupUnpin: .backupUnpin
        case .backupExpire: .backupExpire
        case .backupNote: .backupNote
        case .scheduleSet: .scheduleSet
        case .scheduleShow: .scheduleShow
        case .scheduleList: .scheduleList
        case .schedulePause: .schedulePause
        case .scheduleResume: .scheduleResume
        case .scheduleRemove: .scheduleRemove
        case .retentionShow: .retentionShow
        case .retentionSet: .retentionSet
        case .retentionReset: .retentionReset
        case .retentionPreview: .retentionPreview
        case .restorePlan: .restorePlan
        case .restoreStart: .restoreStart
        case .restoreFile: .restoreFile
        case .restoreShow: .restoreShow
        case .restoreList: .restoreList
        case .restoreCancel: .restoreCancel
        case .restoreUndo: .restoreUndo
        case .restoreResume: .restoreResume
        case .collectRun: .collectRun
        case .downloadPrepare: .downloadPrepare
        case .downloadList: .downloadList
        case .downloadShow: .downloadShow
        case .downloadLinks: .downloadLinks
        case .downloadRevoke: .downloadRevoke
        case .jobList: .jobList
        case .jobShow: .jobShow
        case .jobWatch: .jobWatch
        case .jobCancel: .jobCancel
        }
    }
}
