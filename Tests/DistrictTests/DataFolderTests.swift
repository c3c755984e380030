import Foundation
import Kernel
import Testing

@testable import District

@Suite("The data folder") struct DataFolderTests {
  private static let clock = Clock.stopped(at: Instant(milliseconds: 1_669_680_000_000))

  private static func inFolder(_ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "denghuo-folder-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  private static func mode(_ path: String) throws -> Int? {
    try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?
      .intValue
  }

  @Test("is made once, with a secret that only its owner reads")
  func made() async throws {
    try await Self.inFolder { path in
      let folder = DataFolder(path)
      #expect(!folder.isMade)
      try folder.make()
      #expect(folder.isMade)
      let secret = try folder.secret()
      #expect(secret.count == 32 && Set(secret).count > 8)
      #expect(try Self.mode("\(path)/secret.key") == 0o600)
      #expect(try Self.mode(path) == 0o700)
      let refusal = #expect(throws: Refusal.self) { try folder.make() }
      #expect(refusal?.code == "folder.made")
      #expect(try folder.secret() == secret)
    }
  }

  @Test("that others could read before is closed to them")
  func closedToOthers() async throws {
    try await Self.inFolder { path in
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      try DataFolder(path).make()
      #expect(try Self.mode(path) == 0o700)
    }
  }

  @Test("that is not there, or whose secret was cut, is refused")
  func missing() async throws {
    try await Self.inFolder { path in
      #expect(throws: Refusal.self) { try DataFolder(path).secret() }
      try DataFolder(path).make()
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(path)/secret.key"))
      let refusal = #expect(throws: Refusal.self) { try DataFolder(path).secret() }
      #expect(refusal != nil)
    }
  }

  @Test("is opened by one at a time, and again after that")
  func opened() async throws {
    try await Self.inFolder { path in
      let folder = DataFolder(path)
      try folder.make()
      do {
        let (district, lock) = try await folder.open(clock: Self.clock)
        let refusal = await #expect(throws: Refusal.self) {
          _ = try await folder.open(clock: Self.clock)
        }
        #expect(refusal?.code == "folder.inUse")
        #expect(try await district.desk.violations().isEmpty)
        withExtendedLifetime(lock) {}
      }
      _ = try await folder.open(clock: Self.clock)
    }
  }
}
