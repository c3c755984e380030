import Kernel

/// A zone of a sample district, played through the public commands: somebody is found ill, the community
/// proposes the buildings around, and after the pause the street opens them. Its day is the grid worker's work.
package actor SampleZone {
  private let script: Script
  private let time: ScriptedTime
  private let person: String
  private let places: [String]
  private let district: String
  private var stage = 0
  private var zone = Fields.null
  private var notBefore = Instant(milliseconds: 0)

  /// Of how many buildings it is at most.
  package static let buildings = 3
  private static let infection = "C-ZONE"
  /// How long before the end each stage is played.
  private static let hoursBefore = [30, 29]
  private static let pauseMinutes = 15

  /// - Parameters:
  ///   - person: who was found ill; lives in one of the places.
  ///   - places: the buildings by identifier.
  package init(
    script: Script, time: ScriptedTime, person: String, places: [String], district: String
  ) {
    self.script = script
    self.time = time
    self.person = person
    self.places = places
    self.district = district
  }

  /// Plays what is due now: one stage, because a second person decides after a pause only.
  package func play(before end: Instant) async throws {
    guard stage < Self.hoursBefore.count, time.now >= end - .hours(Self.hoursBefore[stage]),
      time.now >= notBefore
    else { return }
    stage += 1
    if stage == 1 { try await propose() } else { try await open() }
    notBefore = time.now + .minutes(Self.pauseMinutes)
    try await script.pump.turn()
  }

  private func propose() async throws {
    do {
      try await script.send(
        "cases.report",
        [
          "case": .text(Self.infection), "person": .text(person), "kind": .text("asymptomatic"),
          "source": .text("community_screening"), "district": .text(district),
          "found_in": .text(district),
          "reported_at": .text((time.now - .minutes(30)).text(in: .china)),
          "sampled_at": .text((time.now - .hours(8)).text(in: .china)),
        ], as: "duty")
    } catch let refusal as Refusal where refusal.kind == .conflict {
      // By chance the outbreak has reached the same person: one case is enough, and no zone is played.
      return
    }
    try await script.pump.turn()
    let answer = try await script.send(
      "zones.propose",
      [
        "places": .list(places.map(Fields.text)), "level": .text("high"),
        "infection": .text(Self.infection),
      ], as: "community")
    zone = answer["zone"]
  }

  private func open() async throws {
    guard zone != .null else { return }
    try await script.send("zones.open", ["zone": zone], as: "street")
    try await script.send(
      "zones.plan",
      [
        "zone": zone,
        "plan": .text("楼栋静默管理。东门进出，快递放门口货架；透析两户专车接送，独居老人早晚各敲一次门。"),
      ], as: "street")
  }
}
