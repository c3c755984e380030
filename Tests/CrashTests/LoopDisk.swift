import Foundation

/// A disk in a file: it can be filled to the last byte, and copied as it stands at a moment, which is
/// what a power cut would leave of it.
final class LoopDisk {
  /// What a tool of the system said that failed.
  struct ToolFailed: Error, CustomStringConvertible {
    let description: String
  }

  /// Why there can be none here; nil when there can.
  static let obstacle: String? = {
    guard getuid() == 0 else { return "only root may mount a disk in a file" }
    do {
      clearLeftovers()
      let disk = try LoopDisk(megabytes: 8)
      disk.eject()
      return nil
    } catch {
      return "no disk in a file can be mounted here: \(error)"
    }
  }()

  /// Where it is mounted.
  let folder: String
  private let home: String
  private var image: String { "\(home)/disk" }
  private static let start = "/tmp/denghuo-disk-"

  /// Makes an empty disk.
  init(megabytes: Int) throws {
    home = try Self.newHome()
    folder = "\(home)/on"
    try Self.run("truncate", "-s", "\(megabytes)M", image)
    // No room is kept for root, who runs this test.
    try Self.run("mkfs.ext4", "-q", "-m", "0", image)
    try mount()
  }

  /// What would be found when the current comes back: the disk as it stands now, mounted anew.
  init(cutFrom other: LoopDisk) throws {
    home = try Self.newHome()
    folder = "\(home)/on"
    try Self.run("cp", "--sparse=auto", other.image, image)
  }

  /// Mounts it; the file system puts itself right from its own journal.
  func mount() throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: nil)
    let device = try Self.run("losetup", "-f", "--show", "--direct-io=on", image)
    defer {
      // Let go as soon as it is unmounted, however that comes about.
      _ = try? Self.run("losetup", "-d", device)
    }
    try Self.run("mount", device, folder)
  }

  /// Unmounts it and throws it away.
  func eject() {
    _ = try? Self.run("umount", "-l", folder)
    try? FileManager.default.removeItem(atPath: home)
  }

  deinit { eject() }

  private static func newHome() throws -> String {
    let home = "\(start)\(getpid())-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: home, withIntermediateDirectories: true, attributes: nil)
    return home
  }

  /// Unmounts and removes what a run left that was killed.
  private static func clearLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
    for name in names where "/tmp/\(name)".hasPrefix(start) {
      let owner = name.split(separator: "-").dropFirst(2).first.flatMap { Int32($0) }
      guard let owner, kill(owner, 0) != 0 else { continue }
      _ = try? run("umount", "-l", "/tmp/\(name)/on")
      try? FileManager.default.removeItem(atPath: "/tmp/\(name)")
    }
  }

  /// Runs a tool of the system and gives what it said.
  @discardableResult
  static func run(_ tool: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ToolFailed(description: "\(tool) \(arguments.joined(separator: " ")): \(said)")
    }
    return said
  }
}
