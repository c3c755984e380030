import Kernel
import Look
import Registry

/// The journal for those who audit: who changed what, when, under which policy.
///
/// It shows identifiers and codes only, because facts hold nothing else.
package enum Audit {
  package static let slice = Slice(name: "audit", screens: [journal])

  private static let journal = Screen(
    path: "/audit", title: Words("留痕", "Journal"), duty: "journal.read", purpose: .audit,
    navigation: 80
  ) { request, reading in
    Page(
      title: Look(reading)("留痕", "Journal"),
      body: try JournalPage(request: request, reading: reading).body())
  }
}

private struct JournalPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  /// How many entries one page shows.
  private static let page = 100

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    // The journal knows no areas: whoever reads it reads all of it.
    guard !reading.authority.areas(for: "journal.read").isEmpty else {
      throw Refusal.outsideArea("journal.read")
    }
  }

  private var subject: String { request.query["subject"] ?? "" }

  func body() throws -> HTML {
    let store = JournalStore(transaction: reading.transaction)
    let entries =
      try subject.isEmpty
      ? store.youngest(limit: Self.page) : store.about(subject, limit: Self.page)
    let rows = try entries.map(row)
    let table = look.table(
      look("留痕", "Journal"),
      columns: [
        .init(look("序号", "Number")), .init(look("何时", "When")), .init(look("什么", "What")),
        .init(look("关于", "About")), .init(look("谁", "Who")), .init(look("政策", "Policy")),
        .init(look("内容", "Content")),
      ], rows: rows)
    return HTML([
      look.title(look("留痕", "Journal")),
      look.filters(
        to: Address("/audit"), for: request,
        fields: [
          .init(
            "subject",
            look(
              "关于病例、人员、管控或事项（编号）", "About a case, person, restriction or obligation (its number)"))
        ], button: look("查看", "Show")),
      look.panel(
        subject.isEmpty ? look("最近 \(Self.page) 条", "The last \(Self.page)") : subject,
        note: look("哈希链由 denghuo verify 核对", "the chain is checked by denghuo verify"),
        rows.isEmpty ? look.empty(look("没有记录", "Nothing is recorded")) : table),
    ])
  }

  private func row(_ entry: JournalEntry) throws -> Look.TableRow {
    let about = Address("/audit", ["subject": entry.subject]).text
    let sender =
      entry.sender.hasPrefix("resident:") || entry.sender == "clock"
      ? entry.sender : try reading.title(of: AccountID(trusted: entry.sender))
    return Look.TableRow(
      String(entry.sequence),
      cells: [
        .markup("<span class=\"nowrap\">\(look.moment(entry.at))</span>"), .text(entry.name),
        .linked(entry.subject, to: about),
        .text(sender), .text(entry.policy),
        .text(entry.payload ?? look("已过保存期", "no longer kept")),
      ])
  }
}
