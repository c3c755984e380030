import Containment
import Detection
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Opens the file of a person who lives behind a door.
private struct OpenFile: Command {
  static let name = "test.openFile"
  static let duty: Duty = .clockOnly
  let person: PersonID
  let home: PlaceID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    _ = try work.person(person, name: "钱某", at: PlacesStore(work.transaction).get(home))
    return Done()
  }
}

/// From a reported case to a worker's round and back: nobody types a list, every step follows.
@Suite("From a case to a door and back") struct ContactStory {
  private let wife = PersonID(trusted: "wife")

  private func confirmed() async throws -> (Town, CaseID) {
    let town = try await Town(on: "2022-11-12")
    for id in ["case", "wife"] {
      try await town.submit(
        OpenFile(person: PersonID(trusted: id), home: Town.Spot.door201.id), from: .clock)
    }
    let infection = CaseID(trusted: "c1")
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: infection, person: PersonID(trusted: "case"), kind: "confirmed",
          district: Town.Spot.district.rawValue, reportedAt: town.now)))
    try await town.pass(.seconds(1))
    let proposed = try await town.ask(ContactsOfCase(infection: infection)).lines
    #expect(proposed.map(\.person) == [wife])
    try await town.submit(
      ConfirmContacts(contacts: proposed.map(\.contact)), as: "investigator")
    return (town, infection)
  }

  private func own(_ town: Town) async throws -> [RestrictionView] {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(wife)).restrictions
  }

  @Test("a confirmed contact is restricted by the edition in force, and stands on the round")
  func restricted() async throws {
    let (town, _) = try await confirmed()
    let view = try #require(try await own(town).first)
    #expect(view.state == .effective && view.edition == "cn-20-measures@1")
    #expect(view.evidence.map(\.kind) == [.contact])
    let case1 = try await town.ask(
      RestrictionsOfPerson(person: PersonID(trusted: "case")), for: .containment)
    #expect(case1.restrictions.map(\.kind) == [.hospital])
    #expect(try await town.violations() == [:])
  }

  @Test("when the case is withdrawn, the contact is free at once and so is the person")
  func withdrawn() async throws {
    let (town, infection) = try await confirmed()
    try await town.submit(WithdrawCase(infection: infection, reason: "复核阴性"))
    #expect(try await own(town).map(\.endReason) == [.evidenceWithdrawn])
    let case1 = try await town.ask(
      RestrictionsOfPerson(person: PersonID(trusted: "case")), for: .containment)
    #expect(case1.restrictions.map(\.state) == [.ended])
    #expect(try await town.violations() == [:])
  }

  @Test("a contact who was no case after all is held as the contact again that they were")
  func noCaseAfterAll() async throws {
    let (town, _) = try await confirmed()
    let before = try #require(try await own(town).first)
    let mistaken = CaseID(trusted: "c2")
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: mistaken, person: wife, kind: "confirmed",
          district: Town.Spot.district.rawValue, reportedAt: town.now)))
    try await town.pass(.seconds(1))
    let asCase = try await own(town).filter { $0.state == .effective }
    #expect(asCase.map(\.kind) == [.hospital])
    try await town.submit(WithdrawCase(infection: mistaken, reason: "复核阴性"))
    try await town.pass(.seconds(1))
    let after = try await own(town).filter { $0.state == .effective }
    #expect(after.map(\.clause) == [before.clause] && after.map(\.end) == [before.end])
    #expect(try await town.violations() == [:])
  }
}
