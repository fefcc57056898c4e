import HoldfastCatalog
import HoldfastNode

/// What stands between a process and its drivers: nothing, but in debug builds that a crash test halts.
enum Seams {
    static func catalog(_ catalog: any Catalog) -> any Catalog {
        #if DEBUG
            if let halts = Halts.shared { return HaltingCatalog(catalog: catalog, halts: halts) }
        #endif
        return catalog
    }

    static func node(_ parts: NodeProcess.Parts) -> NodeProcess.Parts {
        #if DEBUG
            if let halts = Halts.shared {
                var halting = parts
                halting.disk = HaltingDisk(disk: parts.disk, halts: halts)
                halting.databases = HaltingDatabases(databases: parts.databases, halts: halts)
                halting.exchangeStep = { halts.pass("media.\($0.prefix { $0 != " " })") }
                return halting
            }
        #endif
        return parts
    }
}
