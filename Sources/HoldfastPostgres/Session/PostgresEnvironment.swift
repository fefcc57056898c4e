import CPostgres
import Glibc

/// libpq takes whatever a connection doesn't say from variables such as `PGSERVICE` and `PGOPTIONS`. Ours say what they
/// mean, so the variables are taken out of this process's environment before its first connection.
enum PostgresEnvironment {
    /// In place of a file of the node's user. libpq takes what isn't there for none.
    static let noFile = "/nonexistent/holdfast"

    static let clean: Void = {
        var names = ["PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGPASSFILE", "PGREALM", "PGHOSTADDR"]
        if let defaults = PQconndefaults() {
            var option = defaults
            while option.pointee.keyword != nil {
                if let variable = option.pointee.envvar { names.append(String(cString: variable)) }
                option += 1
            }
            PQconninfoFree(defaults)
        }
        for name in names { unsetenv(name) }
        // A tool that stops reading must give an error, not end this process.
        signal(SIGPIPE, SIG_IGN)
    }()
}
