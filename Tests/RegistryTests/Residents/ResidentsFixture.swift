import Kernel
import Town

@testable import Registry

/// A row of a file of residents, with an address in the town's first building.
struct RowFixture {
  var cells: [String: String]

  /// - Parameter changes: cells that differ; an empty text takes a cell away.
  init(_ person: String, _ changes: [String: String] = [:]) {
    cells = [
      "person": person, "name": "王小明", "sex": "male", "birth_date": "1990-01-01",
      "identity_kind": "resident_id", "identity_number": Self.number("37020319900101", 1),
      "phone": "13800138000", "household": "H1", "community_code": "370203030001",
      "estate": "海云小区", "building": "1号楼", "entrance": "1单元", "floor": "5", "room": "501",
      "registered_code": "370203", "work_place": "海云超市", "tags": "dialysis|alone",
    ]
    for (column, text) in changes { cells[column] = text }
  }

  var fields: Fields { .object(cells.mapValues { .text($0) }) }

  /// A made-up identity number with its check character.
  static func number(_ areaAndBirth: String, _ order: Int) -> String {
    let digits = String(order)
    let body = areaAndBirth + String(repeating: "0", count: 3 - digits.count) + digits
    let check = IdentityCheck.checkCharacter(Array(body.utf8)[...])
    return body + String(decoding: [check], as: UTF8.self)
  }
}

extension Town {
  /// Takes rows of residents in, as the duty officer unless said otherwise.
  func take(_ rows: [RowFixture], as account: String = "duty") async throws -> ImportAnswer {
    try await submit(ImportResidents(rows: rows.map(\.fields), run: "run"), as: account)
  }

  /// The card of a person as the duty officer sees it.
  func card(
    _ person: String, reveal: Bool = false, as account: String = "duty"
  ) async throws -> ShowResident.Answer {
    let person = PersonID(trusted: person)
    return reveal
      ? try await ask(RevealResident(person: person), for: .registry, as: account)
      : try await ask(ShowResident(person: person), for: .registry, as: account)
  }
}
