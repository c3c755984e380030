import Kernel
import Registry

/// A code with everything that explains it.
package struct PassView: Codable, Sendable {
  /// Why the colour is not green: rule, reason, unit, end, objection (RULES 8).
  package struct Why: Codable, Sendable {
    package let restriction: RestrictionID
    package let clause: Words
    package let quote: String
    package let source: String
    package let edition: String
    /// What it rests on.
    package let reason: Words
    /// `rules`, or the account that decided.
    package let issuer: String
    /// Which posts answer for it.
    package let units: [RestrictionView.Call]
    package let end: Instant
    package let appeal: String
  }

  package let person: PersonID
  /// Masked.
  package let name: String?
  package let colour: CodeColour
  package let words: Words
  package let asks: Words
  /// Nil where less than a minute is left of what it would say.
  package let code: String?
  package let from: Instant?
  package let until: Instant?
  /// The last four signs of the document by which the bearer is recognised.
  package let document: String?
  /// Whether it is shown for somebody else.
  package let carried: Bool
  /// Nil when green, and for somebody else's who is no child: they read it on their own page.
  package let why: Why?
}

/// My code, and those of people whom I look after.
package struct OwnPasses: Query {
  package struct Answer: Codable, Sendable {
    /// Whether codes are used under the policy in force.
    package let used: Bool
    package let passes: [PassView]
    /// How many minutes before its end the next code is fetched.
    package let renew: Int
    package let at: Instant
  }

  package static let name = "passes.own"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Answer {
    let policy = try reading.policy(PassesPolicy.self)
    let residents = ResidentsStore(reading.transaction)
    let own = try residents.survivor(of: reading.requireResident())
    guard policy.inUse else {
      return Answer(used: false, passes: [], renew: policy.renewMinutes, at: reading.now)
    }
    var passes = [try reading.pass(of: own, carried: false, onPaper: false, explains: true)]
    let shown = try PassesStore(reading.transaction).caredFor(
      by: residents.identifiers(of: own.id))
    for care in shown {
      guard let person = try residents.current(care.person) else { continue }
      let isChild = person.birthDay.map { $0.age(on: reading.today) < policy.childBelowYears }
      // A child that has grown up is asked itself.
      guard care.consent || isChild == true else { continue }
      reading.disclose(person.id)
      passes.append(
        try reading.pass(of: person, carried: true, onPaper: false, explains: isChild == true))
    }
    return Answer(used: true, passes: passes, renew: policy.renewMinutes, at: reading.now)
  }
}

/// Issues a code for somebody at a counter: on paper, or on the telephone of whoever is at hand.
package struct IssuePass: Query {
  package static let name = "passes.issue"
  package static let duty: Duty = "passes.read"
  package static let purposes: [Purpose] = [.containment, .fieldwork]
  package let person: PersonID
  /// Whether it is printed and so valid for the longer span.
  package let paper: Bool?

  package init(person: PersonID, paper: Bool? = nil) {
    self.person = person
    self.paper = paper
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> PassView {
    try reading.requireUsedPasses()
    let resident = try ResidentsStore(reading.transaction).survivor(of: person)
    reading.disclose(resident.id)
    return try reading.pass(
      of: resident, carried: false, onPaper: paper ?? false, explains: true)
  }
}

/// The codes of everybody behind one door, for a sheet of paper.
package struct PassesOfHome: Query {
  package struct Answer: Codable, Sendable {
    package let address: [String]
    package let passes: [PassView]
  }

  package static let name = "passes.home"
  package static let duty: Duty = IssuePass.duty
  package static let purposes: [Purpose] = IssuePass.purposes
  private static let mostPeople = 40
  package let home: PlaceID

  package init(home: PlaceID) { self.home = home }

  package func area(in reading: Reading) -> Area { .place(home) }

  package func answer(in reading: Reading) throws -> Answer {
    try reading.requireUsedPasses()
    let places = PlacesStore(reading.transaction)
    let place = try places.get(home)
    let people = try ResidentsStore(reading.transaction).members(of: home)
    guard people.count <= Self.mostPeople else {
      throw Refusal(
        .invalid, "passes.manyAtHome",
        Words(
          "此处超过 \(Self.mostPeople) 人，请按门牌打印",
          "More than \(Self.mostPeople) people live here; print door by door"), field: "home")
    }
    let passes = try people.map { person -> PassView in
      reading.disclose(person.id)
      return try reading.pass(of: person, carried: false, onPaper: true, explains: true)
    }
    return Answer(address: try places.line(to: place.path).map(\.name), passes: passes)
  }
}

/// The public keys by which codes are checked, and by how much clocks may differ. Everybody may ask.
package struct PassKeys: Query {
  /// A key, in hexadecimal digits.
  package struct Key: Codable, Sendable {
    package let id: String
    package let key: String
    package let from: Instant
    package let until: Instant
  }

  package struct Answer: Codable, Sendable {
    package let used: Bool
    package let keys: [Key]
    package let skewMinutes: Int
    package let listMinutes: Int
    package let listOldestMinutes: Int
    package let colours: [String: PassColourWords]
    /// What a verifier says of each verdict.
    package let verdicts: [String: Words]
    package let at: Instant

    private enum CodingKeys: String, CodingKey {
      case used
      case keys
      case colours
      case verdicts
      case at
      case skewMinutes = "skew_minutes"
      case listMinutes = "list_minutes"
      case listOldestMinutes = "list_oldest_minutes"
    }
  }

  package static let name = "passes.keys"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let policy = try reading.policy(PassesPolicy.self)
    let keys = try reading.passes.published()
    let all: [CodeColour] = [.green, .yellow, .red]
    return Answer(
      used: policy.inUse,
      keys: keys.map {
        Key(
          id: Hex.text($0.identifier), key: Hex.text($0.publicKey), from: $0.from,
          until: $0.until)
      },
      skewMinutes: policy.skewMinutes, listMinutes: policy.listMinutes,
      listOldestMinutes: policy.listOldestHours * 60,
      colours: Dictionary(
        uniqueKeysWithValues: all.map {
          let colour = policy.colours[$0]
          return ($0.rawValue, PassColourWords(words: colour.words, asks: colour.asks))
        }),
      verdicts: Dictionary(
        uniqueKeysWithValues: PassVerdict.allCases.map { ($0.rawValue, $0.words) }),
      at: reading.now)
  }
}

/// What a verifier says of a colour.
package struct PassColourWords: Codable, Sendable {
  package let words: Words
  package let asks: Words
}

/// The signed list of revoked codes, in hexadecimal digits. Everybody may ask.
package struct RevokedPasses: Query {
  package struct Answer: Codable, Sendable {
    package let list: String
    package let entries: Int
    package let bytes: Int
    package let made: Instant
    /// How many of the oldest had no room in it; nil for none.
    package let leftOut: Int?

    private enum CodingKeys: String, CodingKey {
      case list
      case entries
      case bytes
      case made
      case leftOut = "left_out"
    }
  }

  package static let name = "passes.revoked"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    guard let kept = reading.rules.keptRevocations else { return try made(in: reading) }
    let seconds = try reading.policy(PassesPolicy.self).listKeptSeconds
    return try kept.answer(at: reading.now, for: seconds) { try made(in: reading) }
  }

  private func made(in reading: Reading) throws -> Answer {
    let (list, bytes, leftOut) = try reading.passes.list()
    return Answer(
      list: Hex.text(bytes), entries: list.entries.count, bytes: bytes.count, made: list.madeAt,
      leftOut: leftOut == 0 ? nil : leftOut)
  }
}

/// Checks a code here, for a browser that cannot check signatures itself. Everybody may ask; the answer
/// says no more than the code.
package struct CheckPass: Query {
  package struct Answer: Codable, Sendable {
    package let verdict: PassVerdict
    package let words: Words
    package let colour: CodeColour?
    package let from: Instant?
    package let until: Instant?
    package let document: String?
    package let carried: Bool
    package let paper: Bool
  }

  package static let name = "passes.check"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []
  package let code: String

  package init(code: String) { self.code = code }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let (verdict, code) = try reading.passes.check(self.code)
    return Answer(
      verdict: verdict, words: verdict.words, colour: code?.colour, from: code?.from,
      until: code?.until, document: code?.documentTail, carried: code?.isCarriedByAnother ?? false,
      paper: code?.isPaper ?? false)
  }
}

extension Reading {
  /// Refuses where codes are not used any more.
  fileprivate func requireUsedPasses() throws {
    let (policy, edition) = try edition(PassesPolicy.self)
    if policy.inUse { return }
    throw Refusal(
      .conflict, "passes.notUsed",
      Words(
        "按“\(edition.head.title.chinese)”，已不再使用健康码",
        "Under “\(edition.head.title.english)” codes are not used any more"))
  }

  /// A resident's code with what explains it.
  fileprivate func pass(
    of resident: Resident, carried: Bool, onPaper: Bool, explains: Bool
  ) throws -> PassView {
    let policy = try policy(PassesPolicy.self)
    let issued = try passes.issue(to: resident, carriedByAnother: carried, onPaper: onPaper)
    let standing = try issued?.standing ?? passes.standing(of: resident.id)
    let colour = policy.colours[standing.colour]
    return PassView(
      person: resident.id, name: resident.name.map { Mask.name($0.revealed) },
      colour: standing.colour, words: colour.words, asks: colour.asks, code: issued?.text,
      from: issued?.code.from, until: issued?.code.until, document: issued?.code.documentTail,
      carried: carried, why: explains ? try standing.restriction.map(why) : nil)
  }

  private func why(_ restriction: Restriction) throws -> PassView.Why {
    let view = try view(restriction)
    return PassView.Why(
      restriction: view.restriction, clause: view.clauseWords, quote: view.quote,
      source: view.source, edition: view.edition, reason: view.evidenceWords, issuer: view.issuer,
      units: view.calls, end: view.end, appeal: view.appeal)
  }
}
