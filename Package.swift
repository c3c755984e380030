// swift-tools-version:6.2
import PackageDescription

/// Every target is built in Swift 6 mode, and a warning stops the build.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A family or kernel target with the shared settings.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one target, mirroring its files.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: settings)
}

let package = Package(
  name: "Denghuo",
  targets: [
    library("Kernel"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    library("Spreadsheets", ["CZlib"]),
    library("Gazette", ["Kernel"]),
    library("Registry", ["Gazette", "Kernel"]),
    library("Detection", ["Registry", "Gazette", "Kernel"]),
    library("Headquarters", ["Registry", "Gazette", "Kernel"]),

    tests("Kernel"),
    tests("Spreadsheets", ["CZlib"]),
    tests("Registry"),
    tests("Detection"),
    tests("Headquarters"),
  ],
  swiftLanguageModes: [.v6]
)
