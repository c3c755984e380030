import Foundation
import Testing

@testable import Visits

@Suite("Damage is found and named, and what was acknowledged survives") struct DamageTests {
  private static func entry(_ number: UInt32) -> VisitEntry {
    VisitEntry(
      person: "P\(number)", venue: "V\(number % 5)", from: number * 400, to: number * 400 + 300,
      source: UInt8(number % 3))
  }

  /// A folder with a sealed day.
  private static func sealed() throws -> (folder: Folder, file: String) {
    let folder = try Folder()
    let store = try VisitStore(path: folder.path)
    _ = try store.record((0..<200).map { entry($0) })
    try store.seal(before: .max)
    return (folder, "0.day")
  }

  @Test("a flipped bit in a column is found by its name", arguments: SegmentColumn.allCases)
  func flipped(column: SegmentColumn) throws {
    let (folder, file) = try Self.sealed()
    defer { folder.clear() }
    let path = "\(folder.path)/\(file)"
    let range = try Segment(path: path).form.range(column)
    try Segment(path: path).verify()
    for place in [
      range.lowerBound, range.upperBound - 1, (range.lowerBound + range.upperBound) / 2,
    ] {
      try folder.flip(file, at: place)
      #expect(throws: VisitFault(.damaged, at: path, part: "\(column)")) {
        try VisitStore(path: folder.path).verify()
      }
      try folder.flip(file, at: place)
    }
  }

  @Test("a damaged header, a cut-off segment and another file are refused on opening")
  func headers() throws {
    let (folder, file) = try Self.sealed()
    defer { folder.clear() }
    let path = "\(folder.path)/\(file)"
    let whole = try folder.bytes(file)
    try folder.flip(file, at: 40)
    #expect(throws: VisitFault(.damaged, at: path, part: "header")) { try Segment(path: path) }
    for count in [0, 100, 511, 512, whole.count - 1] {
      try folder.put(file, Array(whole.prefix(count)))
      #expect(throws: VisitFault(.torn, at: path)) { try Segment(path: path) }
    }
    try folder.put(file, [UInt8](repeating: 7, count: 4_096))
    #expect(throws: VisitFault(.notASegment, at: path)) { try Segment(path: path) }
  }

  @Test("a log cut off anywhere keeps every frame before, and goes on")
  func tornLog() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let store = try VisitStore(path: folder.path)
    var ends: [Int] = []
    for number in UInt32(0)..<4 {
      _ = try store.record([Self.entry(number)])
      ends.append(try folder.bytes("visits.log").count)
    }
    let whole = try folder.bytes("visits.log")
    for count in 8...whole.count {
      try folder.put("visits.log", Array(whole.prefix(count)))
      let again = try VisitStore(path: folder.path)
      let safe = ends.count { $0 <= count }
      #expect(again.persons.count == safe && again.sequence == UInt64(safe))
      _ = try again.record([Self.entry(9)])
      #expect(try VisitStore(path: folder.path).persons.count == safe + 1)
    }
  }

  @Test("a flipped bit in the middle of a log is named, not taken for its end")
  func flippedLog() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let store = try VisitStore(path: folder.path)
    for number in UInt32(0)..<3 { _ = try store.record([Self.entry(number)]) }
    let whole = try folder.bytes("visits.log")
    for place in [8, 20, 30, 40] {
      try folder.put("visits.log", whole)
      try folder.flip("visits.log", at: place)
      #expect(throws: VisitFault(.damaged, at: "\(folder.path)/visits.log", part: "byte 8")) {
        try VisitStore(path: folder.path)
      }
    }
  }

  /// The program that writes visits down and says the number of each that is safe.
  static let recorder: URL? = {
    let folders = [
      URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
      Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
    ]
    return folders.map { $0.appendingPathComponent("visits-peer") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  @Test(
    "killed at any moment, nothing that was acknowledged is lost",
    .enabled(if: DamageTests.recorder != nil, "the program is not built"), arguments: 0..<6)
  func killed(round: Int) async throws {
    let folder = try Folder()
    defer { folder.clear() }
    var begin = 0
    for life in 0..<2 {
      let process = Process()
      process.executableURL = Self.recorder
      process.arguments = ["none", folder.path]
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      input.fileHandleForWriting.write(Data("record \(begin) 100000000\n".utf8))
      try await Task.sleep(for: .milliseconds(150 + 37 * round + 11 * life))
      kill(process.processIdentifier, SIGKILL)
      let said = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      // A line without its end was not said.
      let acknowledged = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let last = acknowledged.last.flatMap { Int($0) } ?? begin - 1
      let store = try VisitStore(path: folder.path)
      let inquiry = try store.inquiry()
      var lost = 0
      for number in 0..<(last + 1) {
        let id = store.persons.known("P\(number)")
        let found = id.map { inquiry.trajectory(of: $0) } ?? []
        if found.first?.from != UInt32(number * 10) { lost += 1 }
      }
      #expect(lost == 0)
      begin = store.persons.count
    }
    #expect(begin > 0)
  }
}
