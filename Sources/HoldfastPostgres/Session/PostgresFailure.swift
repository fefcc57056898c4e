import HoldfastModel

/// Turns what PostgreSQL says went wrong into our codes, and tells what to do.
enum PostgresFailure {
    /// - Parameter state: the SQLSTATE, where the server gave one.
    static func error(state: String?, message: String, at address: DatabaseAddress) -> HoldfastError {
        let said = tidy(message)
        let place = "\(address)"
        return switch state {
        case "28P01", "28000": loginRefused(said, address)
        case "3D000":
            HoldfastError(
                .notFound,
                "\(place): there is no such database (\(said)); create it, or correct the service's connection string")
        case "53100":
            HoldfastError(.noSpace, "\(place): the server's disk is full (\(said)); make room there and try again")
        case "53300", "53400":
            HoldfastError(.unavailable, "\(place): the server has no free connection (\(said)); try again later")
        case "57P01", "57P02", "57P03":
            HoldfastError(.unavailable, "\(place): the server ended the session or is starting up (\(said))")
        case "57P05", "25P03", "55P03", "55006", "40P01", "40001":
            HoldfastError(.busy, "\(place): others use what is needed (\(said)); try again later")
        case "57014":
            HoldfastError(.unavailable, "\(place): somebody at the server cancelled the query (\(said)); try again")
        case "42501":
            HoldfastError(
                .permissionDenied, "\(place): the role “\(address.user)” may not do this (\(said)); grant it the right")
        case "42P04": HoldfastError(.alreadyExists, "\(place): \(said)")
        case .some(let state) where state.hasPrefix("08"):
            HoldfastError(.unavailable, "\(place): the connection failed (\(said))")
        case .some(let state) where state.hasPrefix("XX"): HoldfastError(.corrupt, "\(place): \(said)")
        case .some(let state): HoldfastError(.toolFailed, "\(place): \(said) (SQLSTATE \(state))")
        case nil: unstated(said, address)
        }
    }

    /// What a tool or libpq itself says, without a SQLSTATE.
    static func unstated(_ said: String, _ address: DatabaseAddress) -> HoldfastError {
        recognised(said, at: address)
            ?? HoldfastError(
                .unavailable,
                "\(address): can't connect (\(said)); check that the server runs and that host and port are right")
    }

    /// The code behind a well-known message, for tools that give none.
    static func recognised(_ said: String, at address: DatabaseAddress) -> HoldfastError? {
        func has(_ piece: String) -> Bool { said.contains(piece) }
        if has("authentication failed") || has("no password supplied") || has("no pg_hba.conf entry")
            || has("is not permitted to log in") || has("server does not support SSL")
            || has("certificate verify failed") || has("root certificate file")
        {
            return loginRefused(said, address)
        }
        if has("No space left on device") {
            return HoldfastError(.noSpace, "\(address): the server's disk is full (\(said)); make room and try again")
        }
        if has("FATAL:  database \"") && has("does not exist") {
            return error(state: "3D000", message: said, at: address)
        }
        if has("could not connect") || has("connection to server") || has("server closed the connection")
            || has("terminating connection") || has("could not translate host name")
        {
            return HoldfastError(.unavailable, "\(address): the connection failed (\(said))")
        }
        if has("permission denied") || has("row-level security") || has("must be owner") {
            return error(state: "42501", message: said, at: address)
        }
        return nil
    }

    private static func loginRefused(_ said: String, _ address: DatabaseAddress) -> HoldfastError {
        HoldfastError(
            .loginRefused,
            """
            \(address): the server refused the login (\(said)); check user, password and sslmode of the service, and the \
            server's pg_hba.conf
            """)
    }

    /// The five characters of a SQLSTATE in a message of verbose form, `FATAL:  28P01: password …`; the last one counts.
    static func state(in message: String) -> String? {
        var found: String?
        for line in message.split(separator: "\n") {
            for piece in line.split(separator: ":").dropFirst().map({ $0.drop(while: { $0 == " " }) })
            where piece.utf8.count == 5 && piece.utf8.allSatisfy(isStateCharacter)
                && piece.utf8.contains(where: isDigit)
            {
                found = String(piece)
            }
        }
        return found
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isStateCharacter(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    /// One line, without what only helps those who debug the server.
    static func tidy(_ message: String) -> String {
        message.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
            .map { String($0).printable(limit: 400) }.prefix(6).joined(separator: "; ")
    }
}
