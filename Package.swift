// swift-tools-version:6.2
import PackageDescription

/// Every target is built in Swift 6 mode, and a warning stops the build.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// For what computes and knows no slice: optimised in debug builds too, or the tests would take twice as
/// long.
let optimised: [SwiftSetting] =
  settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let web: [Target.Dependency] = [
  hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// A family or kernel target with the shared settings.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one target, mirroring its files.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: settings)
}

/// Tests that look at the whole product.
func wholeTests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "Denghuo",
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CAssets"),

    library("Kernel", [], optimised),
    library("Spreadsheets", ["CZlib"], optimised),
    library("Linkage", [], optimised),
    library("Visits", [], optimised),
    library(
      "ClickHouse",
      [
        "Visits", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    library("Gazette", ["Kernel"]),
    library("Look", ["Kernel"]),
    library("Registry", ["Look", "Gazette", "Kernel", "Linkage"]),
    library("Detection", ["Registry", "Look", "Gazette", "Kernel"]),
    library("Containment", ["Registry", "Look", "Gazette", "Kernel"]),
    library("Fieldwork", ["Registry", "Look", "Gazette", "Kernel"]),
    library("Headquarters", ["Registry", "Look", "Gazette", "Kernel"]),
    library("Storage", ["Kernel", "CPostgres", "CSQLite"], optimised),
    library("Cryptography", ["Kernel", "COpenSSL"], optimised),
    library(
      "District",
      [
        "Kernel", "Gazette", "Registry", "Detection", "Containment", "Fieldwork", "Headquarters",
        "Storage", "Cryptography", "Visits", "CAssets", yams,
      ]),
    library(
      "Simulator",
      ["Kernel", "Gazette", "Registry", "Detection", "Containment", "Fieldwork", "Headquarters"]),
    library("Server", ["Look", "Kernel", "CZlib", lifecycle, logging] + web),
    .executableTarget(
      name: "denghuo",
      dependencies: [
        "District", "Server", "Simulator", "Spreadsheets", "Cryptography", "Storage", "Kernel",
        "Gazette", "Look", "Registry", "Detection", "Containment", "Headquarters", "Linkage",
        "Visits", arguments,
        lifecycle, logging,
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "linkage-benchmark", dependencies: ["Linkage", "Spreadsheets"],
      path: "Benchmarks/linkage/Measure", swiftSettings: settings),
    .executableTarget(
      name: "desk-benchmark",
      dependencies: ["District", "Registry", "Simulator", "Storage", "Cryptography", "Kernel"],
      path: "Benchmarks/desk/Measure", swiftSettings: settings),
    .executableTarget(
      name: "pass-benchmark",
      dependencies: ["District", "Containment", "Registry", "Cryptography", "Kernel"],
      path: "Benchmarks/passes/Measure", swiftSettings: settings),
    .executableTarget(
      name: "day-benchmark", dependencies: ["District", "Registry", "Simulator", "Kernel"],
      path: "Benchmarks/containment/Day", swiftSettings: settings),
    .executableTarget(
      name: "wendeng-story",
      dependencies: ["District", "Registry", "Simulator", "Storage", "Cryptography", "Kernel"],
      path: "Benchmarks/screening/Story", swiftSettings: settings),
    .executableTarget(
      name: "visits-peer", dependencies: ["Visits", "ClickHouse"], path: "Benchmarks/visits/Peer",
      swiftSettings: settings),

    .target(
      name: "Engines", dependencies: ["Storage", "Kernel"], path: "Tests/Engines",
      swiftSettings: settings),
    .target(
      name: "Town",
      dependencies: [
        "District", "Engines", "Storage", "Kernel", "Registry", "Cryptography", "COpenSSL",
      ],
      path: "Tests/Town", swiftSettings: settings),
    tests("Kernel", ["Engines", "District", "Storage", "Cryptography"]),
    tests("Spreadsheets", ["CZlib"]),
    tests("Linkage"),
    tests("Visits", ["visits-peer", "ClickHouse"]),
    tests("Look", ["Kernel"]),
    tests("Registry", ["Engines", "Town", "Kernel", "Cryptography"]),
    tests("Detection", ["Engines", "Town", "District", "Kernel", "Registry", "Gazette"]),
    tests(
      "Containment", ["Engines", "Town", "Kernel", "Registry", "Detection", "Gazette"]),
    tests("Fieldwork", ["Town", "Kernel", "Registry", "Gazette"]),
    tests("Headquarters", ["Town", "Kernel", "Registry", "Detection", "Gazette"]),
    tests("Storage", ["Engines", "Town", "District", "Kernel", "Registry", "denghuo"]),
    tests("District", ["Kernel", "Cryptography"]),
    tests(
      "Server",
      ["Town", "District", "Kernel", "Registry", "Cryptography", lifecycle, logging]),
    wholeTests("TidyTests", ["District", "Kernel", "Registry"]),
    wholeTests(
      "CommandLineTests", ["Engines", "Town", "District", "Storage", "Kernel", "denghuo"]),
    wholeTests(
      "StoryTests",
      [
        "Town", "District", "Kernel", "Registry", "Gazette", "Detection", "Containment",
        "Fieldwork",
        "Headquarters", "Spreadsheets", "Simulator", "Cryptography", "Engines",
      ]),
    wholeTests(
      "SimulationTests",
      [
        "Town", "Simulator", "Kernel", "Registry", "Gazette", "Detection", "Containment",
        "Headquarters", "District", "Storage",
      ]),
    wholeTests("BrowserTests", ["denghuo"]),
    .testTarget(
      name: "CrashTests",
      dependencies: ["Town", "District", "Storage", "Cryptography", "Kernel", "denghuo"],
      exclude: ["FailingDisk.c", "SetClock.c"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
