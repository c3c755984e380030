import Kernel
import Look
import Registry

/// Who may do what, from the declarations of the slices and the roles of the policy in force.
enum AuthorisationScreens {
  static let matrix = Screen(
    path: "/audit/authorisation", title: Words("谁能做什么", "Who may do what"),
    duty: ListDeeds.duty, purpose: .audit
  ) { request, reading in
    Page(
      title: Look(reading)("谁能做什么", "Who may do what"),
      body: try AuthorisationPage(request: request, reading: reading).body())
  }
}

/// A row for each command, question, page or list; of one role when one is chosen. One kind at a time:
/// all of them together are a page too heavy for a telephone.
private struct AuthorisationPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  init(request: ScreenRequest, reading: Reading) {
    self.request = request
    self.reading = reading
    look = Look(reading)
  }

  func body() throws -> HTML {
    let roles = try reading.policy(OfficesPolicy.self).roles
    let role = request.query["role"].flatMap { roles[$0] == nil ? nil : $0 }
    let kind =
      request.query["kind"].flatMap { AuthorisationMatrix.Kind(rawValue: $0) } ?? .command
    let matrix = AuthorisationMatrix(reading.assembly, roles: roles.mapValues(\.held))
    let shown = matrix.rows.filter { row in
      row.kind == kind && (role.map { row.holders.contains($0) } ?? true)
    }
    let kinds = AuthorisationMatrix.Kind.allCases.map {
      Look.Field.Choice($0.rawValue, look($0.words))
    }
    let choices: [Look.Field.Choice] =
      [.init("", look("全部", "all"))]
      + roles.sorted { $0.key < $1.key }.map { .init($0.key, look($0.value.title)) }
    return HTML([
      look.title(look("谁能做什么", "Who may do what")),
      look.auditTabs(reading, at: "/audit/authorisation"),
      look.filters(
        to: Address("/audit/authorisation"), for: request,
        fields: [
          .init("kind", look("种类", "Kind"), .list(kinds)),
          .init("role", look("岗位", "Office"), .list(choices)),
        ],
        button: look("查看", "Show")),
      look.panel(
        role.flatMap { roles[$0] }.map { look($0.title) } ?? look("全部岗位", "All offices"),
        note: look(
          "\(look.number(shown.count)) 项；岗位只在自己的范围内有效",
          "\(look.number(shown.count)); an office counts inside its area only"
        ),
        look.table(
          look("谁能做什么", "Who may do what"),
          columns: [
            .init(look("什么", "What")), .init(look("职责", "Duty")),
            .init(look("哪些岗位", "Which offices")),
          ],
          rows: shown.map { row in
            Look.TableRow(
              row.name,
              cells: [
                .text(row.duty?.name ?? look("无", "none")),
                .text(holders(row, roles)),
              ])
          }, isWide: true)),
    ])
  }

  private func holders(
    _ row: AuthorisationMatrix.Row, _ roles: [String: OfficesPolicy.Role]
  ) -> String {
    if let audience = row.audience { return look(audience) }
    let titles = row.holders.map { roles[$0].map { look($0.title) } ?? $0 }
    return titles.joined(separator: look("、", ", "))
  }
}
