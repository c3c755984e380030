import Gazette
import Kernel
import Look
import Registry

/// How far the contacts of a case have come: decided, found, told, moved, by community; each number
/// opens to its rows.
struct CaseProgress {
  let infection: CaseID
  let reading: Reading
  private var look: Look { Look(reading) }

  private var table: Address { Address("/cases/\(Address.escaped(infection.text))/contacts") }

  func html() throws -> HTML {
    let answer = try reading.ask(ContactsTable(infection: infection, limit: 0))
    if answer.parts.isEmpty { return "" }
    let shown: [ReferralShow] = [.unanswered, .unfound, .untold, .unmoved]
    func cells(_ proposed: Int, _ counts: ReferralCounts, _ place: PlaceID?) -> [Look.Cell] {
      let here = table.with(["community": place?.text])
      return [.number(proposed, to: here.with(["state": "proposed"]).text)]
        + shown.map { .number(counts[$0], to: here.with(["step": $0.rawValue]).text) }
        + [.number(counts.all, to: here.with(["step": "all"]).text)]
    }
    let proposed = answer.parts.reduce(0) { $0 + $1.proposed }
    let left =
      answer.toReview + answer.total.untold + answer.total.unfound + answer.total.unmoved + proposed
    let open = answer.parts.filter { part in
      part.proposed > 0 || shown.contains { part.counts[$0] > 0 }
    }
    let done = answer.parts.filter { part in !open.contains { $0.place == part.place } }
    /// What is done stands in one row, so that the table adds up and shows what is left.
    func rest(_ parts: [ContactsTable.Part]) -> Look.TableRow {
      Look.TableRow(
        look(
          "其余 \(parts.count) 个社区没有未办的推送",
          "\(look.count(parts.count, "", "community", "communities")) with no hand-over left"),
        cells: [.number(0)] + shown.map { _ in .number(0) }
          + [.number(parts.reduce(0) { $0 + $1.counts.all })])
    }
    return look.panel(
      look("推送与转运", "Hand-over and moving"), id: "progress",
      note: look("每个数字点开是名单", "each number opens to its rows"),
      chip: answer.toReview > 0
        ? Look.Label(
          look("\(answer.toReview) 人须重新判定", "\(answer.toReview) to decide again"), .late)
        : left == 0 ? Look.Label(look("都已落地、告知、转运", "all found, told, moved"), .done) : nil,
      again(answer.toReview)
        + look.table(
          look("推送与转运", "Hand-over and moving"),
          columns: [.init(look("社区", "Community")), .number(look("待判定", "To decide"))]
            + shown.map { .number(look($0.words)) } + [.number(look("已推送", "Handed over"))],
          rows: open.map { part in
            Look.TableRow(
              part.name, to: table.with(["community": part.place.text]).text,
              cells: cells(part.proposed, part.counts, part.place))
          } + (done.isEmpty ? [] : [rest(done)]),
          total: Look.TableRow(
            look("合计", "Total"), cells: cells(proposed, answer.total, nil)), id: "progress-table"))
  }

  /// Those who were confirmed before something else became known of them.
  private func again(_ count: Int) -> HTML {
    if count == 0 { return "" }
    return look.row([
      look.linkButton(
        look("\(count) 人有了新的接触：去重新判定", "\(count) have new exposures: decide again"),
        to: table.with(["review": "true"]).text)
    ])
  }
}
