import Foundation
import HoldfastModel

@testable import HoldfastConsole

/// A throw-away CA and a certificate for localhost and 127.0.0.1, made once by `openssl`.
struct TestAuthority: Sendable {
    let authorityPEM: String
    let identity: ConsoleIdentity

    static let shared = TestAuthority()
    /// One that signed nothing of the fixture.
    static let other = TestAuthority()

    private init() {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hf-console-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let script = #"""
                set -e
                openssl ecparam -name prime256v1 -genkey -noout -out ca.key
                openssl req -x509 -new -key ca.key -subj /CN=test-ca -days 3650 -out ca.pem
                openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out server.key
                openssl req -new -key server.key -subj /CN=localhost -out server.csr
                printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > ext
                openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
                    -days 3650 -extfile ext -out server.pem
                """#
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/bin/sh")
            openssl.arguments = ["-c", script]
            openssl.currentDirectoryURL = directory
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            func text(_ name: String) throws -> String {
                String(decoding: try Data(contentsOf: directory.appendingPathComponent(name)), as: UTF8.self)
            }
            authorityPEM = try text("ca.pem")
            identity = ConsoleIdentity(certificatePEM: try text("server.pem"), keyPEM: Secret(try text("server.key")))
        } catch {
            preconditionFailure("openssl could not make certificates: \(error)")
        }
    }
}
