import Kernel
import Registry

/// Zhengzhou, June 2022: 1,317 people who were to be kept from coming. Every suite that tries a list of
/// people tries this one.
package enum TheList {
  /// How many are on it; they are called `target-0` and so on.
  package static let people = 1_317

  /// A way of trying, and how it is asked.
  package struct Attempt: Sendable {
    /// The command.
    package let name: String
    /// What it says.
    package let body: Fields

    /// One way.
    package init(name: String, body: Fields) {
      self.name = name
      self.body = body
    }
  }

  /// Every command that somebody with the list may think of, and some that are none.
  package static let attempts: [Attempt] = {
    func issue(_ clause: String, _ kind: String, _ reference: String, _ number: Int) -> Attempt {
      Attempt(
        name: "restrictions.issue",
        body: .object([
          "person": .text("target-\(number)"), "clause": .text(clause),
          "evidence": .object(["kind": .text(kind), "reference": .text(reference)]),
        ]))
    }
    let listed = Fields.list((0..<people).map { .text("target-\($0)") })
    return [
      issue("close", "contact", "made-up", 1), issue("zone_high", "zone_residence", "370203", 2),
      issue("zone_high", "zone_residence", "town-building", 3),
      issue("zone_high", "zone_residence", "town-door-101", 4),
      issue("case", "case", "no-case", 5), issue("zone_home", "zone_residence", "no-zone", 6),
      issue("close", "symptoms", "none", 7), issue("close", "positive_tube", "T-1", 8),
      issue("close", "entry_record", "E-1", 9), issue("petition", "contact", "made-up", 10),
      issue("close", "recheck", "R-1", 11),
      // Lists where none is taken.
      Attempt(
        name: "restrictions.issue",
        body: .object([
          "person": listed, "clause": .text("close"),
          "evidence": .object(["kind": .text("contact"), "reference": .text("x")]),
        ])),
      Attempt(name: "restrictions.issueAll", body: .object(["people": listed])),
      Attempt(name: "restrictions.restrictWaiting", body: .object([:])),
      Attempt(
        name: "restrictions.restrictZone",
        body: .object([
          "zone": .text("z"), "place": .text("370203"), "clause": .text("zone_home"),
          "countedFrom": .integer(0),
        ])),
      Attempt(name: "restrictions.applyEdition", body: .object([:])),
      Attempt(name: "code.set", body: .object(["people": listed, "colour": .text("red")])),
      // A zone around them, with a case that is none, or far away, or too wide.
      Attempt(
        name: "zones.propose",
        body: .object([
          "places": .list([.text("town-estate")]), "level": .text("high"),
          "infection": .text("no-case"),
        ])),
      Attempt(
        name: "zones.propose",
        body: .object([
          "places": .list([.text("370203")]), "level": .text("high"),
          "infection": .text("no-case"),
        ])),
      Attempt(name: "zones.open", body: .object(["zone": .text("no-zone")])),
      Attempt(
        name: "restrictions.approve",
        body: .object(["request": .text("no-request"), "approved": .flag(true)])),
      Attempt(
        name: "restrictions.approveHeld",
        body: .object([
          "account": .text("investigator"), "approved": .flag(true), "expected": .integer(1_317),
        ])),
    ]
  }()
}

/// The people on the list, wherever they live.
package struct FillList: Command {
  package static let name = "test.fillList"
  package static let duty: Duty = .clockOnly
  private let from: Int
  private let to: Int
  private let home: PlaceID?

  /// Those of a range of numbers, behind five doors or all in one place.
  package init(from: Int, to: Int, at home: PlaceID? = nil) {
    self.from = from
    self.to = to
    self.home = home
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let homes: [Town.Spot] = [.door101, .door102, .door201, .otherDoor, .otherCommunity]
    let places = try (home.map { [$0] } ?? homes.map(\.id)).map {
      try PlacesStore(work.transaction).get($0)
    }
    for number in from..<to {
      _ = try work.person(
        PersonID(trusted: "target-\(number)"), name: "储户", at: places[number % places.count])
    }
    return Done()
  }
}
