import Testing

@testable import Kernel

@Suite("Who may do what") struct AuthorityTests {
  private static let office = HeldOffice(
    role: "worker", place: "p:1.2".place, path: PlacePath("1.2"), duties: ["a", "b"])

  @Test(
    "duties are held by offices, special ones by whom they are made for",
    arguments: [
      (Sender.clock, "a", true), (.clock, "clock", true), (.nobody, "anyone", true),
      (.nobody, "a", false), (.nobody, "account.own", false), (.nobody, "person.own", false),
      (.account("x".account), "a", true), (.account("x".account), "c", false),
      (.account("x".account), "account.own", true), (.account("x".account), "clock", false),
      (.account("x".account), "person.own", false),
      (.resident(PersonID(trusted: "p")), "person.own", true),
      (.resident(PersonID(trusted: "p")), "account.own", false),
      (.resident(PersonID(trusted: "p")), "anyone", true),
    ])
  func held(sender: Sender, duty: String, isHeld: Bool) {
    var offices: [HeldOffice] = []
    if case .account = sender { offices = [Self.office] }
    #expect(Authority(sender: sender, offices: offices).holds(Duty(duty)) == isHeld)
  }

  @Test("no policy can give the clock's duty to an office")
  func clockOnly() {
    let office = HeldOffice(
      role: "worker", place: "p:".place, path: .everywhere, duties: [.clockOnly, .ownFile])
    let authority = Authority(sender: .account("x".account), offices: [office])
    #expect(!authority.holds(.clockOnly) && !authority.may(.clockOnly, at: .everywhere))
    #expect(!authority.holds(.ownFile) && !authority.may(.ownFile, at: .everywhere))
  }

  @Test("a duty is carried out inside the office's area only")
  func areas() {
    let authority = Authority(sender: .account("x".account), offices: [Self.office])
    #expect(authority.may("a", at: PlacePath("1.2")) && authority.may("a", at: PlacePath("1.2.9")))
    #expect(!authority.may("a", at: PlacePath("1")) && !authority.may("a", at: .everywhere))
    #expect(!authority.may("a", at: PlacePath("1.20")) && !authority.may("c", at: PlacePath("1.2")))
    #expect(authority.areas(for: "a") == [PlacePath("1.2")] && authority.areas(for: "c") == [])
    #expect(Authority(sender: .clock, offices: []).areas(for: "c") == [.everywhere])
  }
}
