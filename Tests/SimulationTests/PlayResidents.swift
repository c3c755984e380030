import Kernel
import Simulator
import Town

/// What happens to the register of people.
extension Draw {
  mutating func resident() async throws -> Letter {
    switch chance.number(1...20) {
    case 1...4: return try await enrol()
    case 5...6: return try await importResidents()
    case 7...8:
      return letter(
        "residents.update",
        [
          "person": .text(try await person()),
          "phone": .text("1380013\(chance.number(1000...9999))"),
        ],
        try await sender("leader", "worker", "street"))
    case 9...12: return try await move()
    case 13...15:
      return letter(
        "residents.move",
        ["person": .text(try await person()), "away": .flag(chance.happens(0.5))],
        try await sender("leader", "worker", "duty"))
    case 16...18:
      return letter(
        "residents.merge",
        ["survivor": .text(try await person()), "merged": .text(try await person())],
        try await sender("leader", "duty", "street"))
    default:
      let merged = try await one("SELECT id FROM person WHERE merged_into IS NOT NULL ORDER BY id")
      return letter(
        "residents.unmerge", ["merged": .text(merged ?? "nobody")],
        try await sender("leader", "duty", "street"))
    }
  }

  mutating func enrol(at home: Town.Spot? = nil, by account: String? = nil) async throws -> Letter {
    var body = somebody()
    body["home"] =
      home.map { .text($0.rawValue) }
      ?? spot(
        .door101, .door102, .door201, .otherDoor, .building, .grid, .community, .otherCommunity)
    let usual = try await sender("leader", "worker", "street", "duty")
    let sender = account.map { Sender.account(AccountID(trusted: $0)) } ?? usual
    return letter("residents.enrol", body, sender)
  }

  private mutating func importResidents() async throws -> Letter {
    var rows: [Fields] = []
    for _ in 1...chance.number(1...4) {
      var row = somebody()
      if chance.happens(0.4) { row["person"] = .text(try await person()) }
      row["community_code"] = spot(.community, .community, .otherCommunity, .grid)
      row["estate"] = .text("海云小区")
      row["building"] = .text("\(chance.number(1...3))号楼")
      row["entrance"] = .text("1单元")
      row["floor"] = .text("\(chance.number(1...6))")
      row["room"] = .text("\(chance.number(1...6))01")
      rows.append(.object(row))
    }
    return letter(
      "residents.import", ["rows": .list(rows), "run": .text("run-\(nextNumber())")],
      try await sender("leader", "street", "duty", "otherLeader"))
  }

  private mutating func move() async throws -> Letter {
    letter(
      "residents.move",
      [
        "person": .text(try await person()),
        "to": spot(.door101, .door102, .door201, .otherDoor, .grid, .community, .otherCommunity),
      ], try await sender("leader", "street", "duty", "worker"))
  }

  /// The form of somebody new: with a number that is good, with a wrong one, or without.
  private mutating func somebody() -> [String: Fields] {
    let number = nextNumber()
    var body: [String: Fields] = [
      "person": .text("p-\(number)"), "name": .text("居民"),
      "sex": .text(number.isMultiple(of: 2) ? "female" : "male"),
    ]
    switch chance.number(1...10) {
    case 1...6:
      // Some order numbers come twice, so that two files claim one number.
      let order = chance.number(0...199) * 2 + (number.isMultiple(of: 2) ? 0 : 1)
      body["identity_number"] = .text(NaiveIdentity.number("37020319800512", order: order))
    case 7: body["identity_number"] = .text("370203198005120000")
    case 8: body["birth_date"] = .text("1980-02-30")
    default: body["birth_date"] = .text("1980-05-12")
    }
    return body
  }
}

/// Identity numbers made and checked by the words of GB 11643-1999, apart from the product.
enum NaiveIdentity {
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

  static func number(_ areaAndBirth: String, order: Int) -> String {
    let digits = String(order)
    let body = areaAndBirth + String(repeating: "0", count: 3 - digits.count) + digits
    return body + check(body)
  }

  static func isValid(_ number: String) -> Bool {
    number.count == 18 && number.dropLast().allSatisfy(\.isNumber)
      && number.hasSuffix(check(String(number.dropLast())))
  }

  private static func check(_ body: String) -> String {
    let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
    return String(Array("10X98765432")[sum % 11])
  }
}
