import Kernel
import Look
import Registry

/// The journal and the log of readings for those who audit: who changed what, who looked at whom, when,
/// by which office, what for. It shows identifiers and codes only, because facts hold nothing else.
///
/// Retention: it keeps nothing of its own; what it reads is kept by the kernel.
package enum Audit {
  package static let slice = Slice(
    name: "audit",
    queries: [
      QueryKind(ListReadings.self), QueryKind(ExportReadings.self), QueryKind(ListDeeds.self),
    ],
    screens: [journal, readings, AuthorisationScreens.matrix],
    exports: [
      ExportKind(kind: "readings", header: ExportReadings.columns, query: ExportReadings.name)
    ])

  private static let journal = Screen(
    path: "/audit", title: Words("留痕", "Journal"), duty: ListDeeds.duty, purpose: .audit,
    navigation: 80
  ) { request, reading in
    Page(
      title: Look(reading)("留痕", "Journal"),
      body: try JournalPage(request: request, reading: reading).body())
  }

  private static let readings = Screen(
    path: "/audit/readings", title: Words("谁看过", "Who looked"), duty: ListReadings.duty,
    purpose: .audit
  ) { request, reading in
    Page(
      title: Look(reading)("谁看过", "Who looked"),
      body: try ReadingsPage(request: request, reading: reading).body())
  }
}

extension Look {
  /// The ways between the pages of the audit, those that the reader may open.
  func auditTabs(_ reading: Reading, at path: String) -> HTML {
    var pages = [("/audit", self("谁做了什么", "Who did what"))]
    if reading.authority.holds(ListReadings.duty) {
      pages.append(("/audit/readings", self("谁看过谁", "Who looked at whom")))
    }
    pages.append(("/audit/authorisation", self("谁能做什么", "Who may do what")))
    return tabs(
      pages.map { Tab($0.1, $0.0, isCurrent: $0.0 == path) }, label: self("审计", "Audit"))
  }

  /// The filters that both pages have: by whom, by which office, between which days.
  func auditFilters(_ reading: Reading) throws -> [Field] {
    let roles = try reading.policy(OfficesPolicy.self).roles.sorted { $0.key < $1.key }
    return [
      .init("account", self("谁（账号）", "Who (account)")),
      .init(
        "role", self("岗位", "Office"),
        .list([.init("", self("全部", "all"))] + roles.map { .init($0.key, self($0.value.title)) })),
      .init("from", self("从", "From"), .day), .init("until", self("到", "To"), .day),
    ]
  }
}

extension ScreenRequest {
  /// An identifier that stands in the address of an audit's page.
  func askedID<Tag>(_ field: String) throws(Refusal) -> ID<Tag>? {
    guard let written = asked(field) else { return nil }
    return try ID(written, field: field)
  }
}

/// Who a sender of the journal is, as an auditor reads it.
extension RepeatedNames {
  mutating func auditedSender(_ sender: String, _ look: Look) throws -> String {
    if sender == "clock" { return look("系统定时", "the clock") }
    if sender == "nobody" { return look("未登录", "nobody signed in") }
    if let person = sender.split(separator: ":", maxSplits: 1).last, sender.hasPrefix("resident:") {
      return look("居民 \(person)", "resident \(person)")
    }
    let title = try title(of: AccountID(trusted: sender))
    return title == sender ? sender : "\(title) (\(sender))"
  }
}
