import Foundation
import FoundationXML
import Kernel
import Testing

@testable import Look

/// 14:32 on a Wednesday in November.
func look(_ language: Language = .chinese, at moment: String = "2022-11-09 14:32") throws -> Look {
  let now = try #require(Instant(moment, in: .china))
  return Look(language: language, now: now, zone: .china)
}

struct LookTests {
  private let request = ScreenRequest(
    parameters: [:], query: [:], address: "/design?a=1&b=2", newCommandID: { "one" })

  @Test("every part is well-formed markup in both languages", arguments: Language.allCases)
  func wellFormed(language: Language) throws {
    let body = DesignSheet(look: try look(language), request: request).body
    let error = malformation(of: body)
    #expect(error == nil)
  }

  @Test("no part carries an inline style or script", arguments: Language.allCases)
  func contentSecurityPolicy(language: Language) throws {
    let text = DesignSheet(look: try look(language), request: request).body.text
    #expect(!text.contains("style="))
    #expect(!text.contains("<script"))
    #expect(text.firstMatch(of: /\son[a-z]+=/) == nil)
  }

  @Test("each identifier stands once on the sheet")
  func identifiers() throws {
    let text = DesignSheet(look: try look(), request: request).body.text
    let ids = text.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test("what people wrote cannot become markup")
  func escaping() throws {
    let look = try look(.english)
    let bad = #"<b>"Smith" & 'sons'</b>"#
    let parts = [
      look.chip(bad, .late), look.masked(bad), look.link(bad, to: bad), look.empty(bad, bad),
      look.notice(bad, bad, tone: .late), look.panel(bad, note: bad, "x"),
      look.board([.init(bad, address: bad, note: bad, late: 0, done: 1, of: 2)], barLabel: bad),
      look.table(bad, columns: [.init(bad)], rows: [.init(bad, to: bad, cells: [.text(bad)])]),
      look.events([.init(at: look.now, bad, note: bad, address: bad)]),
      look.obligations([
        .init(
          label: .init(bad, .late), title: bad, address: bad, trail: [bad, bad], holder: bad)
      ]),
      look.form(
        "x", for: request, hidden: [(bad, bad)],
        fields: [.init("a", bad, .list([.init(bad, bad)]), hint: bad, start: bad)], buttons: ""),
      look.trajectory(
        Trajectory(
          days: look.today...look.today,
          lanes: [.init(bad, [.init(bad, from: look.now, until: look.now, tone: .late)])]),
        title: bad),
    ]
    for part in parts {
      #expect(!part.text.contains("<b>"))
      let error = malformation(of: part)
      #expect(error == nil)
    }
  }

  @Test(
    "a table too wide for a telephone has the head of its column in each cell, a narrow one has not",
    arguments: [
      (1, 3, false), (1, 4, false), (1, 5, true), (2, 2, false), (3, 1, true), (4, 0, true),
    ])
  func wideTables(words: Int, numbers: Int, isWide: Bool) throws {
    let columns =
      (0..<words).map { Look.Column("w\($0)") } + (0..<numbers).map { .number("n\($0)") }
    let cells: [Look.Cell] =
      (1..<words).map { .text("t\($0)") } + (0..<numbers).map { .number($0) }
    let row = Look.TableRow("row", cells: cells)
    let text = try look().table("name", columns: columns, rows: [row], total: row).text
    #expect(text.contains("<table class=\"blocks\">") == isWide)
    for column in columns.dropFirst() {
      let named = text.components(separatedBy: "data-name=\"\(column.title)\"").count - 1
      #expect(named == (isWide ? 2 : 0))
    }
    #expect(!text.contains("data-name=\"w0\""))
  }

  @Test(
    "long heads make a table too wide as well; so does saying it",
    arguments: [
      (["already isolated", "contact screening", "Total"], false, true),
      (["隔离管控", "密接筛查", "合计"], false, false), (["Owed", "Due today", "Late"], false, false),
      (["Owed"], true, true),
    ] as [([String], Bool, Bool)])
  func longHeads(numbers: [String], said: Bool, isWide: Bool) throws {
    let columns = [Look.Column("District")] + numbers.map { .number($0) }
    let row = Look.TableRow("row", cells: numbers.map { _ in .number(1) })
    let text = try look().table("name", columns: columns, rows: [row], isWide: said).text
    #expect(text.contains("<table class=\"blocks\">") == isWide)
  }

  @Test("a choice that would be cut off beside another field has a line of its own")
  func longChoices() throws {
    func classes(_ chosen: String) throws -> String {
      let field = Look.Field(
        "why", "Why", .list([.init("a", "any"), .init("b", "Keeping the register")]), start: chosen)
      let request = ScreenRequest(
        parameters: [:], query: [:], address: "/x", newCommandID: { "x" })
      return try look().filters(to: Address("/x"), for: request, fields: [field]).text
    }
    #expect(try classes("b").contains("<div class=\"field long\">"))
    #expect(try classes("a").contains("<div class=\"field\">") && classes("").contains("\"field\""))
  }

  @Test("a figure whose rows stand on the same page is no link")
  func figureWithoutAddress() throws {
    let neighbour = Look.Label("beside", .neutral)
    let figures = [nil, "/rows"].map {
      Look.Figure("label", "1", neighbour: neighbour, address: $0)
    }
    let text = try look().figures(figures).text
    #expect(text.components(separatedBy: "<a ").count == 2 && text.contains("href=\"/rows\""))
    #expect(text.contains("<div class=\"figure\">"))
  }

  @Test("a refused form keeps what was typed and says what is wrong, beside the field")
  func refusedForm() throws {
    let refused = ScreenRequest(
      parameters: [:], query: [:], posted: ["left": "2030-01-01"],
      refusal: Refusal(.invalid, "x", Words("晚于今天", "Later than today"), field: "left"),
      address: "/x", newCommandID: { "one" })
    let text = try look(.english).form(
      "x", for: refused, fields: [.init("left", "Left on", .day)], buttons: ""
    ).text
    #expect(text.contains("value=\"2030-01-01\""))
    #expect(text.contains("aria-invalid=\"true\""))
    #expect(text.contains("Later than today"))
  }

  @Test("of several forms with one command only the refused one stands open and keeps its values")
  func refusedOfSeveral() throws {
    let refused = ScreenRequest(
      parameters: [:], query: [:],
      posted: ["command": "end", "measure": "m2", "reason": "cured"],
      refusal: Refusal(.invalid, "x", Words("太短", "Too short"), field: "reason"), address: "/x",
      newCommandID: { "one" })
    let english = try look(.english)
    let forms = ["m1", "m2"].map { measure in
      english.disclosure(
        "End", id: measure,
        english.form(
          "end", for: refused, hidden: [("measure", measure)],
          fields: [.init("reason", "Reason")], buttons: "")
      ).text
    }
    #expect(!forms[0].contains("<details id=\"m1\" open") && !forms[0].contains("cured"))
    #expect(forms[1].contains("<details id=\"m2\" open") && forms[1].contains("cured"))
    #expect(forms[0].contains("id=\"end-m1-reason\"") && forms[1].contains("id=\"end-m2-reason\""))
  }

  @Test("a password is never sent back")
  func password() throws {
    let posted = ScreenRequest(
      parameters: [:], query: [:], posted: ["secret": "hunter2"], address: "/x",
      newCommandID: { "one" })
    let text = try look().form(
      "x", for: posted, fields: [.init("secret", "密码", .password)], buttons: ""
    ).text
    #expect(!text.contains("hunter2"))
  }

  /// What an XML parser says against a piece, nil when it is well-formed.
  private func malformation(of part: HTML) -> String? {
    let text = "<!DOCTYPE html><main>\(part.text)</main>"
    let parser = XMLParser(data: Data(text.utf8))
    return parser.parse() ? nil : "line \(parser.lineNumber): \(part.text.prefix(200))"
  }
}
