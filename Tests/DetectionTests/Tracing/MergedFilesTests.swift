import District
import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Contacts and cases of merged files") struct MergedFilesTests {
  private func merge(_ merged: String, into survivor: String, in town: Town) async throws {
    try await town.submit(
      MergeResidents(survivor: PersonID(survivor), merged: PersonID(merged)))
    try await town.pass(.seconds(1))
  }

  private func metTwice() async throws -> Town {
    let town = try await Town()
    try await town.settle("a", at: .door101)
    try await town.settle("b", at: .door102)
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("a", "饭店", "28T12:00", "28T13:00")
    try await town.visit("case", "超市", "28T15:00", "28T15:30")
    try await town.visit("b", "超市", "28T15:00", "28T15:30")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    return town
  }

  @Test("two files of one person are one contact with the evidence of both, and two again after")
  func folds() async throws {
    let town = try await metTwice()
    try await town.submit(ConfirmContacts(contacts: town.contactIDs("c1", of: "b")))
    try await merge("b", into: "a", in: town)
    #expect(try await town.contacts("c1") == ["a close 1 5400 confirmed"])
    #expect(try await town.violations().isEmpty)
    try await town.submit(UnmergeResidents(merged: PersonID("b")))
    try await town.pass(.seconds(1))
    #expect(
      try await town.contacts("c1") == [
        "a close 1 3600 proposed", "b close 1 1800 confirmed",
      ])
    #expect(try await town.violations().isEmpty)
  }

  @Test("two confirmed contacts become one, and those who act on the other are told")
  func bothConfirmed() async throws {
    let town = try await metTwice()
    try await town.submit(
      ConfirmContacts(
        contacts: town.contactIDs("c1", of: "a") + town.contactIDs("c1", of: "b")))
    try await merge("b", into: "a", in: town)
    #expect(try await town.contacts("c1") == ["a close 1 5400 confirmed"])
    #expect(try await town.facts("contacts.withdrawn").count == 1)
  }

  @Test(
    "what was scanned under either file counts for the one person, with an index and without",
    arguments: [false, true])
  func scans(hasIndex: Bool) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "merged-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let town = try await Town(scans: hasIndex ? ScanEngine(folder: folder) : nil)
    for (person, spot) in [("case", Town.Spot.door201), ("a", .door101), ("b", .door102)] {
      try await town.settle(person, at: spot)
    }
    try await town.submit(
      TakeScans(rows: [
        scan("case", "饭店", "28T12:00", "28T13:00"), scan("a", "饭店", "28T12:00", "28T13:00"),
        scan("case", "超市", "28T15:00", "28T15:30"), scan("b", "超市", "28T15:00", "28T15:30"),
      ]))
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let apart = ["a close 1 3600 proposed", "b close 1 1800 proposed"]
    #expect(try await town.contacts("c1") == apart)
    try await merge("b", into: "a", in: town)
    #expect(try await town.contacts("c1") == ["a close 1 5400 proposed"])
    // A list that comes later still has the number of the file that was merged.
    try await town.submit(
      TakeScans(rows: [
        scan("case", "公园", "28T18:00", "28T18:20"), scan("b", "公园", "28T18:00", "28T18:20"),
      ]))
    try await town.pass(.seconds(31))
    #expect(try await town.contacts("c1") == ["a close 1 6600 proposed"])
    let line = try await town.ask(TrajectoryOfPerson(person: PersonID("a")), for: .investigation)
    #expect(line.stretches.map(\.venue.text) == ["饭店", "超市", "公园"])
    #expect(try await town.violations().isEmpty)
    try await town.submit(UnmergeResidents(merged: PersonID("b")))
    try await town.pass(.seconds(1))
    #expect(
      try await town.contacts("c1") == ["a close 1 3600 proposed", "b close 1 3000 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  private func scan(_ person: String, _ venue: String, _ from: String, _ to: String) -> Fields {
    .object([
      "person": .text(person), "venue": .text(venue),
      "from": .text("2022-11-\(from)+08:00"), "to": .text("2022-11-\(to)+08:00"),
    ])
  }

  @Test("whoever is a case under one file is no contact under the other")
  func selfContact() async throws {
    let town = try await metTwice()
    try await town.settle("case", at: .door201)
    try await merge("case", into: "a", in: town)
    #expect(try await town.contacts("c1") == ["b close 1 1800 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a person with two files has one case: a second is refused, a conversion finds the first")
  func oneCase() async throws {
    let town = try await Town()
    try await town.settle("a", at: .door101)
    try await town.settle("b", at: .door102)
    try await town.submit(ReportCase(try row("C1", person: "b", kind: "asymptomatic")))
    try await merge("b", into: "a", in: town)
    let second = try await refusal {
      try await town.submit(ReportCase(try row("C2", person: "a")))
    }
    #expect(second?.code == "case.personHasCase")
    let converted = try await town.submit(
      ReportCase(try row("C3", person: "a", kind: "converted", at: "2022-11-29T07:50+08:00")))
    #expect(converted.verdict == .converted && converted.infection.text == "C1")
  }
}
