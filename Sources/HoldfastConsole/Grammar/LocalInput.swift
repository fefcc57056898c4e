import Glibc
package import HoldfastModel

/// What a command line may read besides its words. On the console port there is nothing.
package struct LocalInput: Sendable {
    package var standardInput: @Sendable () throws -> Secret
    package var file: @Sendable (String) throws -> Secret
    package var variable: @Sendable (String) throws -> Secret

    package static let none = LocalInput(
        standardInput: { throw refusal }, file: { _ in throw refusal }, variable: { _ in throw refusal })

    private static let refusal = HoldfastError(
        .invalidArgument, "This option is read by `holdfast` on your own machine; here, write --url")

    /// The standard input, files and environment of this process.
    package static let process = LocalInput(
        standardInput: {
            guard let terminal = RawTerminal() else {
                return try secret(reading: STDIN_FILENO, named: "standard input")
            }
            print("URL (not shown): ", terminator: "")
            fflush(nil)
            defer { print("") }
            guard let line = terminal.silent({ readLine() }), !line.isEmpty else {
                throw HoldfastError(.invalidArgument, "Nothing was typed")
            }
            return Secret(line)
        },
        file: { path in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw HoldfastError(.notFound, "Can't read \(path.printable()): \(SystemError.text(errno))")
            }
            defer { close(descriptor) }
            return try secret(reading: descriptor, named: path.printable())
        },
        variable: { name in
            guard let value = getenv(name) else {
                throw HoldfastError(.invalidArgument, "The environment has no variable \(name.printable(limit: 60))")
            }
            return Secret(String(cString: value))
        })

    private static let limitBytes = 8 * 1024

    private static func secret(reading descriptor: Int32, named name: String) throws -> Secret {
        let bytes = try BoundedFile.bytes(of: descriptor, limit: limitBytes, named: name)
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
            throw HoldfastError(.invalidArgument, "There is no line of text on \(name)")
        }
        return Secret(text)
    }
}
