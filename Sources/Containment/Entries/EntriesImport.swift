import Gazette
import Kernel
import Registry

/// One row of a file of entries.
package struct EntryRow: Codable, Sendable {
  package let entry: EntryID?
  package let person: PersonID?
  package let identityNumber: String?
  package let areaCode: String
  package let level: String
  package let leftOn: String
  package let arrivedOn: String
  package let source: String

  private enum CodingKeys: String, CodingKey {
    case entry
    case person
    case level
    case source
    case identityNumber = "identity_number"
    case areaCode = "area_code"
    case leftOn = "left_on"
    case arrivedOn = "arrived_on"
  }

  /// What the row says, with the person looked up.
  func told(in work: Work) throws -> EntryTold {
    guard let level = EntryLevel(rawValue: level.trimmingWhitespace()) ?? Self.spoken(level) else {
      let known = EntryLevel.allCases.map(\.rawValue).joined(separator: " | ")
      throw Refusal.malformed("level", self.level, expected: Words("高、中、低：\(known)", known))
    }
    return EntryTold(
      entry: entry, person: try whose(in: work), area: areaCode, level: level,
      leftOn: try Self.day(leftOn, "left_on"), arrivedOn: try Self.day(arrivedOn, "arrived_on"),
      source: source.trimmingWhitespace())
  }

  private static func spoken(_ written: String) -> EntryLevel? {
    let written = written.trimmingWhitespace()
    return EntryLevel.allCases.first {
      let word = $0.words.chinese
      return [word, "\(word)区", "\(word)地区", String(word.prefix(1))].contains(written)
    }
  }

  private static func day(_ written: String, _ field: String) throws(Refusal) -> Day {
    if let day = Day(written.trimmingWhitespace()) { return day }
    throw .malformed(field, written, expected: Words("日期，如 2021-02-06", "a day such as 2021-02-06"))
  }

  private func whose(in work: Work) throws -> PersonID {
    if let person { return person }
    guard let identityNumber, !identityNumber.trimmingWhitespace().isEmpty else {
      throw Refusal.missing("identity_number")
    }
    let document = try IdentityDocument(
      .residentID, number: identityNumber, areas: work.rules.reference(), asOf: work.today)
    guard let index = work.vault.identityIndex(of: document),
      let owner = try ResidentsStore(work.transaction).owners(ofIdentity: [index]).first
    else {
      throw Refusal(
        .notFound, "entry.personUnknown",
        Words("台账中没有这个证件号码，请先为此人建档再登记", "No file has this number; enrol the person first"),
        field: "identity_number")
    }
    return owner.id
  }
}

/// Takes in a file of entries. Each is judged where the person lives.
package struct ImportEntries: Command {
  package static let name = "entries.import"
  package static let duty: Duty = NoteEntry.duty
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        let told = try fields.decoded(EntryRow.self, strict: false).told(in: work)
        let home = try ResidentsStore(work.transaction).survivor(of: told.person)
        try work.require(Self.duty, at: home.path)
        if try work.note(told).isNew {
          answer.accepted += 1
        } else {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "entry.known",
              words: Words("这一行已在册", "This row is known already")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    return answer
  }
}
