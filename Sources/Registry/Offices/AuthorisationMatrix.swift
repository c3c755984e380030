import Kernel

/// Who may do what: a row for each command, question, page and list that the slices declare, with the
/// roles that hold its duty. Nothing is in it that is not declared; what is declared is in it.
package struct AuthorisationMatrix: Sendable {
  /// What a row is about.
  package enum Kind: String, CaseIterable, Sendable {
    case command
    case question
    case page
    case list

    package var words: Words {
      switch self {
      case .command: Words("办理", "command")
      case .question: Words("查询", "question")
      case .page: Words("页面", "page")
      case .list: Words("导出", "list")
      }
    }
  }

  /// One thing that can be asked of the server.
  package struct Row: Sendable {
    package let kind: Kind
    package let name: String
    /// What an office must be charged with; nil when everybody may, signed in or not.
    package let duty: Duty?
    /// The roles that hold it, in order; empty when it is no duty of an office.
    package let holders: [String]
    /// Whether only the product's own edge sends it.
    package let isEdgeOnly: Bool

    /// Who may where no role decides; nil where one does.
    package var audience: Words? {
      switch duty {
      case nil, .some(.anyone): Words("任何人", "anybody")
      case .some(.ownAccount): Words("登录的人，仅限本人", "whoever is signed in, for themself")
      case .some(.ownFile): Words("居民本人（凭条）", "the resident with a slip")
      case .some(.clockOnly): Words("系统定时", "the clock")
      default: nil
      }
    }
  }

  package let rows: [Row]

  /// - Parameter roles: the duties of each role of the policy.
  package init(_ assembly: Assembly, roles: [String: Set<Duty>]) {
    func holders(_ duty: Duty?) -> [String] {
      guard let duty else { return [] }
      return roles.filter { $0.value.contains(duty) }.map(\.key).sorted()
    }
    let commands = assembly.commands.values.map { kind in
      Row(
        kind: .command, name: kind.name, duty: kind.duty, holders: holders(kind.duty),
        isEdgeOnly: kind.isEdgeOnly)
    }
    let questions = assembly.queries.values.map { kind in
      Row(
        kind: .question, name: kind.name, duty: kind.duty, holders: holders(kind.duty),
        isEdgeOnly: false)
    }
    let pages = assembly.screens.map { screen in
      Row(
        kind: .page, name: screen.path, duty: screen.duty, holders: holders(screen.duty),
        isEdgeOnly: false)
    }
    let lists = assembly.exports.values.map { kind in
      let duty = assembly.queries[kind.query]?.duty
      return Row(
        kind: .list, name: "/export/\(kind.kind).csv", duty: duty, holders: holders(duty),
        isEdgeOnly: false)
    }
    rows = [commands, questions, pages, lists].flatMap { part in
      part.sorted { $0.name < $1.name }
    }
  }
}
