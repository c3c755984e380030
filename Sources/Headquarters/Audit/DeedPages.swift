import Kernel
import Look

/// The pages that the reader may open, by what they are about.
struct Opening {
  private let pages: Set<String>
  private let kinds: [String: ObligationKind]
  private let facts: [String: any Fact.Type]

  init(_ reading: Reading) {
    let open = reading.assembly.screens.filter { screen in
      screen.duty.map { reading.authority.holds($0) } ?? true
    }
    pages = Set(open.map { Self.form($0.path) })
    kinds = reading.assembly.obligationKinds
    facts = reading.assembly.facts
  }

  /// Where a thing opens; nil when it has no page, or none for this reader.
  func address(_ matter: Matter, _ identifier: String) -> String? {
    guard let page = matter.page, !identifier.isEmpty, pages.contains(Self.form(page)) else {
      return nil
    }
    if let query = matter.query { return Address(page, [query: identifier]).text }
    return Self.filled(page, identifier)
  }

  /// Where it opens what an entry is about. Of an obligation that is what its kind says.
  func address(of deed: AuditedDeed, _ content: Fields) -> String? {
    guard let matter = facts[deed.name]?.about else { return nil }
    if matter == .thing {
      guard deed.name.hasPrefix("obligations."), case .text(let kind) = content["kind"],
        let page = kinds[kind]?.page, page.contains(":subject"), !page.contains(":person"),
        !page.contains("?"), pages.contains(Self.form(page))
      else { return nil }
      return Self.filled(page, deed.subject)
    }
    guard let field = matter.field else { return address(matter, deed.subject) }
    guard case .text(let identifier) = content[field] else { return nil }
    return address(matter, identifier)
  }

  /// A path without the names of its parameters.
  private static func form(_ path: String) -> String {
    path.split(separator: "/").map { $0.hasPrefix(":") ? ":" : String($0) }.joined(separator: "/")
  }

  private static func filled(_ page: String, _ identifier: String) -> String {
    "/"
      + page.split(separator: "/").map {
        $0.hasPrefix(":") ? Address.escaped(identifier) : String($0)
      }.joined(separator: "/")
  }
}
