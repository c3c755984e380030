import Containment
import Detection
import Kernel
import Registry
import Simulator

/// A family whose codes are green, the child's on a parent's telephone, and the shop downstairs with a
/// code of its own.
struct SamplePasses {
  let script: Script
  let residents: [SampleResident]

  private static let shop = "海云超市"
  private static let mostFamilies = 200

  func make() async throws {
    let today = await Day(of: script.desk.clock.now(), in: .china)
    let families = Dictionary(grouping: residents, by: \.household)
    var looked = 0
    for child in residents where child.birth.age(on: today) < 10 && looked < Self.mostFamilies {
      let adult = families[child.household]?.first { person in
        person.birth.age(on: today) >= 25 && !person.identity.isEmpty
          && (person.room, person.building) == (child.room, child.building)
      }
      guard let adult else { continue }
      looked += 1
      guard try await isGreen(adult), try await isGreen(child) else { continue }
      _ = try await script.send(
        EntrustPass.name, ["person": .text(child.person), "carer": .text(adult.person)],
        as: "admin")
      try await openShop(near: adult)
      return
    }
  }

  private func isGreen(_ resident: SampleResident) async throws -> Bool {
    let person = PersonID(trusted: resident.person)
    return try await script.desk.read(Self.look(IssuePass.name)) { reading in
      try reading.ask(IssuePass(person: person)).colour == .green
    }
  }

  private func openShop(near resident: SampleResident) async throws {
    let person = PersonID(trusted: resident.person)
    let building = try await script.desk.storage.read { transaction -> PlaceID? in
      let home = try ResidentsStore(transaction).get(person)
      return try PlacesStore(transaction).line(to: home.path).last { $0.level == .building }?.id
    }
    guard let building else { return }
    _ = try await script.send(
      MakeVenueCode.name,
      ["place": .text(building.text), "title": .text(Self.shop), "kind": .text("shop")],
      as: "admin")
  }

  private static func look(_ question: String) -> Desk.Look {
    Desk.Look(
      sender: .account(AccountID(trusted: "admin")), purpose: .containment, language: .chinese,
      question: question)
  }
}
