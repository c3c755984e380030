import Kernel
import Registry

/// The authorisation matrix as a document: every command, question, page, list and way of the server,
/// the duty that it takes, over which area it is judged, and which roles hold it.
package enum AuthorisationDocument {
  /// A way of the server that no slice declares.
  package struct Door: Sendable {
    package let name: String
    package let methods: [String]
    package let audience: String

    package init(name: String, methods: [String], audience: String) {
      self.name = name
      self.methods = methods
      self.audience = audience
    }
  }

  /// The document in Markdown.
  ///
  /// - Parameter desk: the desk of any district: its declarations and policies count, not its data.
  package static func text(of desk: Desk, doors: [Door]) async throws -> String {
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let roles = try desk.rules.policies.section(OfficesPolicy.self, on: today).section.roles
    let matrix = AuthorisationMatrix(desk.assembly, roles: roles.mapValues(\.held))
    var text = """
      # Who may do what
      Made by `make authorisation` from the slices' declarations and the roles of `Policies/base.yaml`; a
      test says when it is stale, and another walks every cell against a running server. Nothing is open
      that is not in it: a way without a declaration is answered with a defect.

      An office counts inside its area only. Over which area something is judged:

      | area | meaning |
      | --- | --- |

      """
    for reach in Reach.allCases {
      text += "| `\(reach.rawValue)` | \(reach.words.english) |\n"
    }
    text +=
      "\n## Roles\n| role | 中文 | held at | organisation | duties |\n| --- | --- | --- | --- | --- |\n"
    for (name, role) in roles.sorted(by: { $0.key < $1.key }) {
      text +=
        "| `\(name)` | \(role.title.chinese) | \(role.level.rawValue) | \(role.organisation) | \(role.duties.count) |\n"
    }
    for kind in AuthorisationMatrix.Kind.allCases {
      text += "\n## \(heading(kind))\n| name | duty | area | who |\n| --- | --- | --- | --- |\n"
      for row in matrix.rows where row.kind == kind {
        let reach = try await reach(of: row, desk)
        text +=
          "| `\(row.name)`\(row.isEdgeOnly ? " (edge)" : "") | \(row.duty.map { "`\($0.name)`" } ?? "–") | \(reach) | \(who(row)) |\n"
      }
    }
    text += "\n## Doors\nWays of the server that no slice declares.\n\n"
    text += "| way | methods | who |\n| --- | --- | --- |\n"
    for door in doors.sorted(by: { $0.name < $1.name }) {
      text += "| `\(door.name)` | \(door.methods.joined(separator: ", ")) | \(door.audience) |\n"
    }
    return text
  }

  private static func heading(_ kind: AuthorisationMatrix.Kind) -> String {
    switch kind {
    case .command: "Commands"
    case .question: "Questions"
    case .page: "Pages"
    case .list: "Lists to take away"
    }
  }

  private static func reach(
    of row: AuthorisationMatrix.Row, _ desk: Desk
  ) async throws -> String {
    switch row.kind {
    case .command:
      guard let kind = desk.assembly.commands[row.name] else { return "" }
      return "`\(try await desk.reach(of: kind).rawValue)`"
    case .question:
      guard let kind = desk.assembly.queries[row.name] else { return "" }
      return "`\(try await desk.reach(of: kind).rawValue)`"
    case .page, .list: return "as what it asks"
    }
  }

  private static func who(_ row: AuthorisationMatrix.Row) -> String {
    row.audience?.english ?? row.holders.joined(separator: ", ")
  }
}
