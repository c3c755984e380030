import Gazette
import Registry
import Town

@testable import Containment
@testable import Kernel

extension Town {
  /// Lets somebody be isolated at home as a contact of a contact, and the clock look.
  func isolateAtHome(
    _ person: PersonID = Town.zhao, contact: String = "home-1"
  ) async throws {
    try await confirm(contact, .secondary, case: "h-1", of: person, exposedAt: now)
    try await pass(.minutes(1))
  }

  /// Somebody more behind a door.
  func settle(_ name: String, at spot: Spot = .door201, born: String? = nil) async throws
    -> PersonID
  {
    let person = PersonID(trusted: name)
    try await submit(Happen(event: .resident(person, spot.id)), from: .clock)
    if let born {
      try await change("UPDATE person SET birth_day = \(born) WHERE id = \(person)")
    }
    return person
  }

  /// The households that are looked after, as the board shows them.
  func households() async throws -> [HomeHouseholdView] {
    try await ask(ListHomeHouseholds(), for: .containment).households
  }

  func ownHome(_ person: PersonID = Town.zhao) async throws -> OwnHome.Answer {
    try await ask(OwnHome(), for: .ownFile, from: .resident(person))
  }

  /// What a command of a resident's is refused with; nil when it is not.
  func refused<C: Command>(_ command: C, from person: PersonID) async -> String? {
    do {
      try await submit(command, from: .resident(person))
      return nil
    } catch let refusal as Refusal {
      return refusal.code
    } catch {
      return "\(error)"
    }
  }

  /// The proof of a visit at which some rules were not met.
  static func sixRules(unmet: HomeRule...) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: HomeRule.allCases.map {
        ($0.rawValue, unmet.contains($0) ? "no" : "yes")
      })
  }
}
