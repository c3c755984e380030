import District
import Kernel
import Registry
import Testing

@Suite("Duties and obligations") struct DutyTests {
  private func policies() throws -> PolicyLibrary { try District.rulebook().policies }
  private var today: Day { Day(number: 19_325) }

  @Test("every duty that something asks for is held by some role")
  func duties() throws {
    let roles = try policies().section(OfficesPolicy.self, on: today).section.roles
    let held = Set(roles.values.flatMap(\.duties))
    for duty in District.assembly.duties.sorted() {
      #expect(held.contains(duty.name), "no role holds \(duty.name)")
    }
  }

  @Test("every duty of an office has a name for people, in both languages, and no two the same")
  func names() {
    let duties = District.assembly.duties.sorted()
    for duty in duties { #expect(duty.isNamed, "\(duty.name) has no name in DutyWords.swift") }
    for words in [duties.map(\.words.chinese), duties.map(\.words.english)] {
      #expect(Set(words).count == duties.count)
    }
    let office = HeldOffice(
      role: "grid_worker", place: PlaceID(trusted: "here"), path: PlacePath("1.1"),
      duties: ["rounds.read"])
    let authority = Authority(
      sender: .account(AccountID(trusted: "somebody")), offices: [office])
    for refusal in [
      authority.refusal("zones.open"), authority.refusal("zones.open", at: .everywhere),
    ] {
      #expect(refusal.words.chinese.contains("批准划定风险区"))
      #expect(refusal.words.english.contains("open zones"))
      #expect(!"\(refusal.words)".contains("zones.open"))
    }
  }

  @Test("no role holds a duty that nothing asks for")
  func unusedDuties() throws {
    let roles = try policies().section(OfficesPolicy.self, on: today).section.roles
    let asked = Set(District.assembly.duties.map(\.name))
    for (name, role) in roles {
      for duty in role.duties { #expect(asked.contains(duty), "\(name) holds \(duty)") }
    }
  }

  @Test("every kind of obligation has an owner and a ladder in the policy")
  func obligations() throws {
    let kinds = try policies().section(ObligationPolicy.self, on: today).section.kinds
    for kind in District.assembly.obligationKinds.keys {
      #expect(kinds[kind] != nil, "no rule for \(kind)")
    }
    for kind in kinds.keys {
      #expect(District.assembly.obligationKinds[kind] != nil, "a rule for nothing: \(kind)")
    }
  }

  @Test("every seat of a ladder names a role and a level that exist")
  func roles() throws {
    let policy = try policies().section(ObligationPolicy.self, on: today).section
    let roles = try policies().section(OfficesPolicy.self, on: today).section.roles
    for (name, rule) in policy.kinds {
      for seat in [rule.owner] + rule.ladder.map(\.seat) {
        #expect(roles[seat.role] != nil, "\(name) names the role \(seat.role)")
        #expect(PlaceLevel(rawValue: seat.level) != nil, "\(name) names the level \(seat.level)")
      }
    }
  }

  @Test("no two pages of the navigation stand in the same place")
  func navigation() {
    let places = District.assembly.screens.compactMap(\.navigation)
    #expect(places.count > 10)
    #expect(Set(places).count == places.count, "\(places.sorted())")
  }
}
