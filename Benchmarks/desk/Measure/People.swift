import Kernel
import Simulator

/// People who do not exist, each with a number of their own, as commands that enrol them.
struct People: Sendable {
  /// The home of all of them; a command names it by its identifier.
  let home: String
  /// Where the numbers of this run begin, so that no two runs enrol the same person.
  let start: Int

  /// Districts of one city, whose codes identity numbers begin with.
  private static let counties = ["370202", "370203", "370211", "370212", "370213", "370214"]
  private static let daysOfBirth = 25_000
  /// The first of January 1940.
  private static let firstBirth = Day(number: -10_957)
  private static let numbersPerDay = 499

  /// The command that enrols the person of a number.
  func envelope(_ number: Int, as account: String) -> Envelope {
    Envelope(
      id: CommandID(trusted: "bench-\(start + number)"), name: "residents.enrol",
      body: body(start + number), sender: .account(AccountID(trusted: account)))
  }

  private func body(_ number: Int) -> Fields {
    let day = number / Self.numbersPerDay
    let birth = Self.firstBirth + day % Self.daysOfBirth
    let county = Self.counties[day / Self.daysOfBirth % Self.counties.count]
    let identity = SampleIdentity.number(
      county: county, birth: birth, isFemale: number.isMultiple(of: 2),
      order: number % Self.numbersPerDay + 1)
    return .object([
      "home": .text(home), "name": .text("王\(Self.given[number % Self.given.count])"),
      "sex": .text(number.isMultiple(of: 2) ? "female" : "male"),
      "birth_date": .text(birth.text), "identity_kind": .text("resident_id"),
      "identity_number": .text(identity), "phone": .text(SampleIdentity.phone(number)),
    ])
  }

  private static let given = ["敏", "静丽", "伟强", "磊", "秀芳", "志国", "建华", "雪琳"]
}
