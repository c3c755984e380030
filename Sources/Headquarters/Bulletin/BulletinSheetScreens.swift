import Gazette
import Kernel
import Look

/// The numbers of a bulletin as tables that add up in sight, and its text.
struct BulletinSheet {
  let words: WordBulletin.Answer
  let look: Look
  let sources: [CasePolicy.Source]

  private var figures: BulletinFigures { words.figures }

  var body: HTML {
    HTML([
      verdict, look.columns([tables, text], .even), corrections ?? "", sums ?? "",
    ])
  }

  /// Whether it adds up; where not, each row that is to blame.
  private var verdict: HTML {
    if figures.reconciles {
      return look.notice(
        look("各表都平：合计 \(figures.total)", "All tables add up to \(figures.total)"), tone: .done)
    }
    let lines = figures.differences.map { difference -> HTML in
      let cases = difference.cases.map {
        look.link($0.text, to: "/cases/\(Address.escaped($0.text))")
      }
      return "<li>\(look(difference.words)) \(cases)</li>"
    }
    return look.notice(
      look("不平，不能发布", "It does not add up and cannot be published"), tone: .late,
      extra: "<ul>\(lines)</ul>")
  }

  private var tables: HTML {
    look.panel(
      look("数字", "Numbers"),
      note: look("每个数都能点开", "every number opens to its rows"), kinds + bySource + byDistrict)
  }

  private var kinds: HTML {
    let rows: [Look.TableRow] = [
      .init(
        look("确诊病例", "Confirmed"),
        cells: [.number(figures.confirmed, to: self.rows(kind: .confirmed))]),
      .init(
        look("无症状感染者", "Asymptomatic"),
        cells: [.number(figures.asymptomatic, to: self.rows(kind: .asymptomatic))]),
    ]
    let converted = look(
      "确诊中 \(figures.converted) 例由无症状转归，不重复计数",
      "\(figures.converted) of the confirmed were asymptomatic before; counted once")
    return table(
      look("按类型", "By kind"), rows, sum: figures.confirmed + figures.asymptomatic)
      + "<p class=\"note\">\(look.link(converted, to: self.rows(kind: .converted)))</p>"
  }

  private var bySource: HTML {
    let known = sources.compactMap { source in
      figures.bySource[source.code].map { (look(source.words), source.code, $0) }
    }
    let others = figures.bySource.keys.filter { code in !sources.contains { $0.code == code } }
      .sorted().map { ($0, $0, figures.bySource[$0] ?? 0) }
    let entries = known + others
    return table(
      look("按发现途径", "By how they were found"),
      entries.map { .init($0.0, cells: [.number($0.2, to: rows(source: $0.1))]) },
      sum: entries.reduce(0) { $0 + $1.2 })
  }

  private var byDistrict: HTML {
    let entries = figures.byDistrict.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return table(
      look("按现住区县", "By district"),
      entries.map { .init($0.key, cells: [.number($0.value, to: rows(district: $0.key))]) },
      sum: entries.reduce(0) { $0 + $1.value })
  }

  private func table(_ title: String, _ rows: [Look.TableRow], sum: Int) -> HTML {
    let total: Look.Cell =
      sum == figures.total
      ? .sum(sum, to: self.rows()) : .differs(sum, to: self.rows())
    return look.table(
      title, columns: [.init(title), .number(look("例", "Cases"))], rows: rows,
      total: .init(look("合计", "Total"), cells: [total]))
  }

  private func rows(
    kind: InfectionKind? = nil, source: String? = nil, district: String? = nil
  ) -> String {
    Address(
      "/bulletin/rows",
      [
        "from": figures.from.text(in: look.zone), "to": figures.to.text(in: look.zone),
        "kind": kind?.rawValue, "source": source, "district": district,
      ]
    ).text
  }

  private var text: HTML {
    let shown = words.chinese
    let english: HTML = """
      <div class="field"><label for="text-english">English</label>\
      <textarea id="text-english" rows="8" readonly="" lang="en">\(words.english)</textarea></div>
      """
    let chinese: HTML = """
      <div class="field"><label for="text-chinese">中文</label>\
      <textarea id="text-chinese" rows="14" readonly="" lang="zh-CN">\(shown)</textarea></div>
      """
    let both = look.language == .chinese ? [chinese, english] : [english, chinese]
    return look.panel(
      look("文稿", "Text"), note: look("全选后复制", "select all and copy"),
      "<div class=\"form\">\(both)</div>")
  }

  private var corrections: HTML? {
    if figures.corrections.isEmpty { return nil }
    return look.panel(
      look("更正", "Corrections"),
      look.table(
        look("更正", "Corrections"),
        columns: [
          .init(look("病例", "Case")), .init(look("什么", "What")), .init(look("何时", "When")),
          .number(look("对累计", "To the total")),
        ],
        rows: figures.corrections.map { line in
          .init(
            line.infection.text, to: "/cases/\(Address.escaped(line.infection.text))",
            cells: [
              .text(correction(line.what)), .text(look.moment(line.recordedAt)),
              .number(line.change),
            ])
        },
        total: .init(
          look("合计", "Total"),
          cells: [
            .text(""), .text(""), .sum(figures.corrections.reduce(0) { $0 + $1.change }),
          ])))
  }

  private func correction(_ what: CorrectionLine.What) -> String {
    switch what {
    case .corrected: look("更正", "corrected")
    case .withdrawn: look("撤销", "withdrawn")
    case .late: look("补报", "reported late")
    }
  }

  /// How the sum of all infections came about, for a published one.
  private var sums: HTML? {
    words.published.map { published in
      look.notice(
        look(
          "累计 \(published.cumulative) = 前期 \(published.carried) + 新增 \(published.newInfections) "
            + "+ 更正 \(published.change)；留痕 \(published.mark)",
          "All so far \(published.cumulative) = \(published.carried) before + "
            + "\(published.newInfections) new + \(published.change) corrected; "
            + "journal \(published.mark)"),
        tone: .information)
    }
  }
}
