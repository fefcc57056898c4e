// swift-tools-version: 6.2
import PackageDescription

let nio = "swift-nio", nioSSL = "swift-nio-ssl", certificates = "swift-certificates", crypto = "swift-crypto"

let package = Package(
    name: "holdfast",
    products: [.executable(name: "holdfast", targets: ["holdfast"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // main: the only place that names concrete drivers
        .executableTarget(
            name: "holdfast",
            dependencies: [
                "HoldfastCoordinator", "HoldfastNode", "HoldfastConsole", "HoldfastWeb", "HoldfastCatalog",
                "HoldfastArchive", "HoldfastWire", "HoldfastPostgres", "HoldfastMail", "HoldfastCommands",
                "HoldfastModel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]),
        // whole clusters in one process on a seeded executor
        .executableTarget(
            name: "holdfast-simulate",
            dependencies: [
                "HoldfastCoordinator", "HoldfastNode", "HoldfastCatalog", "HoldfastArchive", "HoldfastWire",
                "HoldfastPostgres", "HoldfastCommands", "HoldfastModel", "HoldfastTestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: crypto),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // role: no edge between two of this row
        .target(
            name: "HoldfastCoordinator",
            dependencies: [
                "HoldfastCatalog", "HoldfastArchive", "HoldfastWire", "HoldfastCommands", "HoldfastModel",
                .product(name: "Crypto", package: crypto),
                .product(name: "CryptoExtras", package: crypto),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "HoldfastNode",
            dependencies: [
                "HoldfastArchive", "HoldfastWire", "HoldfastPostgres", "HoldfastModel", "CLinux",
                .product(name: "Crypto", package: crypto),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .target(
            name: "HoldfastConsole",
            dependencies: [
                "HoldfastWire", "HoldfastCommands", "HoldfastModel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: crypto),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: nioSSL),
            ]),
        .target(
            name: "HoldfastWeb",
            dependencies: [
                "HoldfastCommands", "HoldfastModel",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Crypto", package: crypto),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: nioSSL),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),

        // edge
        .target(
            name: "HoldfastCatalog",
            dependencies: ["HoldfastModel", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(
            name: "HoldfastArchive",
            dependencies: ["HoldfastModel", "CZstd", "CLinux", .product(name: "Crypto", package: crypto)]),
        .target(
            name: "HoldfastWire",
            dependencies: [
                "HoldfastModel",
                .product(name: "Crypto", package: crypto),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: nioSSL),
                .product(name: "NIOTLS", package: nio),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: certificates),
            ]),

        // driver
        .target(
            name: "HoldfastPostgres",
            dependencies: [
                "HoldfastModel", "CPostgres",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .target(name: "HoldfastMail", dependencies: ["HoldfastModel", "CCurl"]),

        // pure: no I/O, no clock, no randomness of their own
        .target(name: "HoldfastCommands", dependencies: ["HoldfastModel"]),
        .target(name: "HoldfastModel"),

        // C: a module map and a shim each, imported by exactly one Swift module (CLinux: by those that touch files)
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CLinux"),

        // test
        .target(
            name: "HoldfastTestKit",
            dependencies: [
                "HoldfastModel", "HoldfastWire", "HoldfastPostgres", "HoldfastArchive", "HoldfastCatalog",
                "HoldfastNode",
                "CLinux",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            path: "Tests/HoldfastTestKit", exclude: ["Mail/mail-server.py", "Web/webhook-receiver.py"]),
        .testTarget(name: "HoldfastModelTests", dependencies: ["HoldfastModel", "HoldfastTestKit"]),
        .testTarget(
            name: "HoldfastCommandsTests", dependencies: ["HoldfastCommands", "HoldfastModel", "HoldfastTestKit"]),
        .testTarget(
            name: "HoldfastArchiveTests", dependencies: ["HoldfastArchive", "HoldfastModel", "HoldfastTestKit"]),
        .testTarget(
            name: "HoldfastWireTests",
            dependencies: [
                "HoldfastWire", "HoldfastModel", "HoldfastTestKit", .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio), .product(name: "NIOSSL", package: nioSSL),
            ]),
        .testTarget(
            name: "HoldfastCatalogTests",
            dependencies: [
                "HoldfastCatalog", "HoldfastModel", "HoldfastTestKit", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "HoldfastMailTests",
            dependencies: [
                "HoldfastMail", "HoldfastModel", "HoldfastTestKit",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .testTarget(
            name: "HoldfastPostgresTests", dependencies: ["HoldfastPostgres", "HoldfastModel", "HoldfastTestKit"]),
        .testTarget(
            name: "HoldfastNodeTests",
            dependencies: [
                "HoldfastNode", "HoldfastArchive", "HoldfastWire", "HoldfastPostgres", "HoldfastModel",
                "HoldfastTestKit", "CLinux", .product(name: "Crypto", package: crypto),
            ]),
        .testTarget(
            name: "HoldfastCoordinatorTests",
            dependencies: [
                "HoldfastCoordinator", "HoldfastWeb", "HoldfastCatalog", "HoldfastArchive", "HoldfastWire",
                "HoldfastCommands", "HoldfastModel", "HoldfastTestKit",
                .product(name: "Hummingbird", package: "hummingbird"),
            ]),
        .testTarget(
            name: "HoldfastConsoleTests",
            dependencies: [
                "HoldfastConsole", "HoldfastCommands", "HoldfastModel", "HoldfastTestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: crypto),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: nioSSL),
            ]),
        .testTarget(
            name: "HoldfastWebTests",
            dependencies: [
                "HoldfastWeb", "HoldfastCommands", "HoldfastModel", "HoldfastTestKit",
                .product(name: "Mustache", package: "swift-mustache"),
            ]),
        .testTarget(
            name: "HoldfastHostileTests",
            dependencies: [
                "holdfast", "HoldfastNode", "HoldfastConsole", "HoldfastWeb", "HoldfastArchive", "HoldfastWire",
                "HoldfastPostgres", "HoldfastCommands", "HoldfastModel", "HoldfastTestKit",
                .product(name: "Crypto", package: crypto), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: certificates),
            ],
            exclude: ["Cases"]),
        .testTarget(
            name: "HoldfastTests",
            dependencies: ["holdfast", "HoldfastCommands", "HoldfastModel", "HoldfastTestKit"],
            exclude: ["Browser/how_to.py"]),
    ],
    swiftLanguageModes: [.v6]
)

// What `scripts/fuzz` builds, and nothing else does: the tests' inputs with libFuzzer's driver, and our own modules with
// its counters. Paths beneath Fuzz/ are links to what they name.
let fuzzes = Context.environment["HOLDFAST_FUZZ"] != nil
if fuzzes {
    package.targets.append(
        .executableTarget(
            name: "holdfast-fuzz",
            dependencies: [
                "HoldfastCoordinator", "HoldfastNode", "HoldfastConsole", "HoldfastWeb", "HoldfastMail",
                "HoldfastArchive", "HoldfastWire", "HoldfastPostgres", "HoldfastCommands", "HoldfastModel",
                .product(name: "Crypto", package: crypto), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: certificates), .product(name: "Yams", package: "Yams"),
            ],
            path: "Fuzz"))
}

for target in package.targets where target.type != .system && target.name != "CLinux" {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("InternalImportsByDefault"),
        // An async function stays on its caller's executor, so that a seam of real I/O costs no hop.
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
    // Pure computing, much of it by tests that go through years of it; the rest is quick enough as it is.
    if ["HoldfastModel", "HoldfastModelTests"].contains(target.name), !fuzzes {
        target.swiftSettings?.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
    }
    // These three read nothing that is fuzzed: settings name their types.
    if fuzzes, target.type != .test, !["HoldfastCoordinator", "HoldfastCatalog", "HoldfastMail"].contains(target.name) {
        target.swiftSettings?.append(.define("HOLDFAST_FUZZ"))
        // Swift 6.3.1 crashes when it optimises these modules with counters.
        let optimisation = ["HoldfastArchive", "HoldfastWeb"].contains(target.name) ? "-Onone" : "-O"
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer", optimisation]))
    }
}
