import Foundation
import Testing
import Town

@Suite(
  "A disk that is full to the last byte", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"),
  .enabled(if: LoopDisk.obstacle == nil, "disks in files cannot be mounted (root is needed)"))
struct FullDiskTests {
  private static let clients = 3
  private static let megabytes = 192
  private static let policy = """
    id: small-disk
    version: 9
    title: {zh: 小磁盘, en: Small disk}
    source: [test]
    effective_from: 2020-01-01
    sections:
      machine: {clock_back_seconds: 5, clock_ahead_minutes: 60, reserve_megabytes: 2}
    """

  @Test("refuses what is new in a sentence, goes on reading, and takes it again without a start")
  func full() async throws {
    let moments = Rounds.asked("DENGHUO_FULL_DISKS", usually: 4)
    let ground = try Ground()
    defer { ground.clear() }
    let disk = try LoopDisk(megabytes: Self.megabytes)
    defer { disk.eject() }
    let data = try await ground.found("\(disk.folder)/data")
    try Self.policy.write(
      toFile: "\(data)/policies/small.yaml", atomically: false, encoding: .utf8)
    let server = try ServedProgram(data)
    try await server.serving()
    let ledger = Ledger()
    let load = Load(clients: Self.clients, on: server.socket, ledger)
    var refusing = Times()
    var resuming = Times()
    var shownOnReserve = 0
    for moment in 0..<moments {
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...300)))
      let (refused, resumed) = try await fill(
        disk, server, ledger, moment, shownOnReserve: &shownOnReserve)
      refusing.add(refused)
      resuming.add(resumed)
    }
    await load.stop()
    #expect(server.complaints.contains("nothing new is taken"))
    #expect(server.complaints.contains("everything is taken again"))
    #expect(await server.stop() == 0)
    let refused = ledger.refused
    #expect(Set(refused.values) == [507])
    let faults = try await Evidence.faults(
      in: data, Set(ledger.acknowledged.keys), refused: Set(refused.keys))
    #expect(faults == [])
    #expect(shownOnReserve > 0)
    #expect(try await ground.violated(data) == nil)
    print(
      "full disks: \(moments), people shown on the reserve \(shownOnReserve), acknowledged \(ledger.acknowledged.count), refused \(refused.count), "
        + "full to refusal \(refusing.text), room to taking again \(resuming.text)")
  }

  /// One moment: fills the disk, looks, gives the room back; how long each change took to show.
  private func fill(
    _ disk: LoopDisk, _ server: ServedProgram, _ ledger: Ledger, _ moment: Int,
    shownOnReserve: inout Int
  ) async throws -> (Duration, Duration) {
    let filler = "\(disk.folder)/filler"
    let before = ledger.refused.count
    try Self.fill(filler)
    let refused = try await wait("a refusal") { ledger.refused.count > before }
    let line = try #require(OperatorLine(server.socket))
    if Self.free(in: disk.folder) > Self.enoughToNote {
      // The room that the server kept was given up by now, unless that came so early that it was
      // taken too: people's data can be shown, because who looked at it can be written down.
      let shown = line.get("/api/queries/visits.export?purpose=exchange")
      #expect(shown?.status == 200, "moment \(moment): \(shown?.body.prefix(200) ?? "")")
      shownOnReserve += 1
    }
    try Self.fill(filler + "-rest")
    try expectStandstill(line, moment)
    for file in [filler, filler + "-rest"] { try? FileManager.default.removeItem(atPath: file) }
    let acknowledged = ledger.acknowledged.count
    let resumed = try await wait("taking again") { ledger.acknowledged.count > acknowledged }
    // What was deleted becomes free little by little; it may be full once more for a second.
    _ = try await wait("being ready") { line.get("/readyz")?.status == 200 }
    return (refused, resumed)
  }

  private func expectStandstill(_ line: OperatorLine, _ moment: Int) throws {
    let probe = 9_000_000 + moment
    for (language, word) in [("zh-CN", "磁盘已满"), ("en", "The disk is full")] {
      let answer = line.post(
        Ledger.command, Ledger.body(probe), key: "probe-\(moment)-00", language: language)
      #expect(answer?.status == 507 && answer?.body.contains(word) == true, "\(answer?.body ?? "")")
      #expect(line.get("/readyz", language: language)?.status == 507)
    }
    #expect(line.get("/healthz")?.status == 200)
    #expect(line.get("/metrics")?.body.contains("denghuo_storage_writable 0") == true)
    #expect(line.get("/api/queries/places.export?purpose=exchange")?.status == 200)
    let verified = line.get("/api/queries/audit.verify?purpose=audit")
    #expect(verified?.status == 200 && verified?.body.contains(#""violated":[]"#) == true)
  }

  private func wait(_ what: String, _ isThere: () -> Bool) async throws -> Duration {
    let began = ContinuousClock.now
    while ContinuousClock.now - began < .seconds(20) {
      if isThere() { return ContinuousClock.now - began }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw ServedProgram.Silent(description: "waited in vain for \(what)")
  }

  private static let enoughToNote = 512 << 10

  private static func free(in folder: String) -> Int {
    var disk = statvfs()
    return statvfs(folder, &disk) == 0 ? Int(disk.f_bavail) * Int(disk.f_frsize) : 0
  }

  /// Takes every byte that is left.
  private static func fill(_ file: String) throws {
    let descriptor = open(file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var size = 64 << 20
    var length = 0
    while size >= 4_096 {
      if posix_fallocate(descriptor, off_t(length), off_t(size)) == 0 {
        length += size
      } else {
        size /= 2
      }
    }
  }
}
