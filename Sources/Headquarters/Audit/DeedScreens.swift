import Gazette
import Kernel
import Look
import Registry

/// Entries of the journal as rows: what happened, about what, by whom, and what the entry holds.
struct DeedScreens {
  private let reading: Reading
  private let look: Look
  private let own: Address
  private let opens: Opening
  private var names: RepeatedNames

  init(_ reading: Reading, own: Address) {
    self.reading = reading
    self.own = own
    look = Look(reading)
    opens = Opening(reading)
    names = RepeatedNames(reading)
  }

  mutating func row(_ deed: AuditedDeed) throws -> Look.TableRow {
    let content = deed.payload.flatMap { try? Fields.json(Array($0.utf8)) } ?? .null
    return Look.TableRow(
      title: "<span class=\"nowrap\">\(look.moment(deed.at))</span>",
      cells: [
        .markup("\(deed.what.map { look($0) } ?? deed.name)"),
        .markup(try about(deed, content)), .markup(try sender(deed)),
        .markup(try self.content(of: deed, content)),
      ])
  }

  /// Who did it, and in which duty.
  private mutating func sender(_ deed: AuditedDeed) throws -> HTML {
    let who = try names.auditedSender(deed.sender, look)
    guard let duty = deed.order.flatMap({ reading.assembly.commands[$0]?.duty }), duty.isNamed
    else {
      return "\(who)"
    }
    let note = look("职责：\(look(duty.words))", "duty: \(look(duty.words))")
    return "<div>\(who)</div><div>\(look.note(note))</div>"
  }

  /// What kind of thing it is about, the way to it where one opens, and the way to all that happened to
  /// it.
  private mutating func about(_ deed: AuditedDeed, _ content: Fields) throws -> HTML {
    let matter = reading.assembly.facts[deed.name]?.about
    if matter == .district { return "\(look(Matter.district.words))" }
    let kind: HTML? = matter.flatMap { $0 == .thing ? nil : "\(look($0.words)) " }
    let all = Address("/audit", ["subject": deed.subject]).text
    let more: HTML? =
      own.query["subject"] == deed.subject
      ? nil : "<div>\(look.link(look("全部经过", "its history"), to: all))</div>"
    let address = opens.address(of: deed, content)
    let what =
      matter?.words == Matter.account.words
      ? try account(deed.subject, to: address) : identifier(deed.subject, to: address)
    return "<div>\(kind)\(what)</div>\(more)"
  }

  /// An account by its title.
  private mutating func account(_ text: String, to address: String?) throws -> HTML {
    let title = try names.title(of: AccountID(trusted: text))
    let shown = identifier(text, to: address)
    return title == text ? shown : "\(title) (\(shown))"
  }

  /// An identifier in short, the whole of it where the pointer rests and under the program's names.
  private func identifier(_ text: String, to address: String?) -> HTML {
    let short = Self.short(text)
    let whole: HTML = short == text ? "" : " title=\"\(text)\""
    return address.map { "<a href=\"\($0)\"\(whole)>\(short)</a>" }
      ?? "<span\(whole)>\(short)</span>"
  }

  /// The first and the last signs of what is too long to be read.
  static func short(_ text: String) -> String {
    text.count <= 14 ? text : "\(text.prefix(4))…\(text.suffix(6))"
  }
}

/// What an entry holds.
extension DeedScreens {
  private mutating func content(of deed: AuditedDeed, _ content: Fields) throws -> HTML {
    var lines: [(String, HTML)] = []
    if case .object(let members) = content {
      // What it is about stands beside it already.
      for (field, value) in FieldWords.sorted(members)
      where value != .text(deed.subject) {
        let name = FieldWords.named(field).map { look($0) } ?? field
        lines.append((name, try said(value, as: field, of: deed)))
      }
    }
    let held: HTML =
      if deed.payload == nil {
        "<p class=\"note\">\(look("内容已过保存期，已删除", "The content is deleted: its time of keeping has ended"))</p>"
      } else if lines.isEmpty {
        "<p class=\"note\">\(look("没有更多内容", "Nothing more"))</p>"
      } else {
        look.facts(lines)
      }
    return look.stack([held, asKept(deed)])
  }

  /// The entry as the program keeps it, with every identifier whole.
  private func asKept(_ deed: AuditedDeed) -> HTML {
    let lines: [(String, HTML)] = [
      (look("序号", "Number"), "\(deed.sequence)"), (look("名称", "Name"), "\(deed.name)"),
      (look("关于", "About"), "\(deed.subject)"), (look("谁", "Who"), "\(deed.sender)"),
      (look("操作", "Command"), "\(order(deed)) · \(deed.command)"),
      (look("政策", "Policy"), "\(deed.policy.isEmpty ? look("无", "none") : deed.policy)"),
      (look("内容", "Content"), "\(deed.payload ?? look("已删除", "deleted"))"),
    ]
    return look.disclosure(
      look("原始记录", "As it is kept"), id: "kept-\(deed.sequence)",
      "<div class=\"anywhere\">\(look.facts(lines))</div>")
  }

  /// The command with which it happened: what its duty is called, and its name.
  private func order(_ deed: AuditedDeed) -> String {
    guard let name = deed.order else { return look("不详", "not known") }
    let duty = reading.assembly.commands[name]?.duty
    let words = duty.flatMap { duty in
      switch duty {
      case .clockOnly: look("系统定时", "the clock")
      case .ownAccount: look("本人账号", "the own account")
      case .ownFile: look("居民本人", "the resident’s own file")
      default: duty.isNamed ? look(duty.words) : nil
      }
    }
    return words.map { look("\($0)（\(name)）", "\($0) (\(name))") } ?? name
  }

  /// A value as people read it.
  private mutating func said(
    _ value: Fields, as field: String, of deed: AuditedDeed
  ) throws -> HTML {
    switch value {
    case .null: "–"
    case .flag(let flag): "\(flag ? look("是", "yes") : look("否", "no"))"
    case .integer(let number): "\(look.number(Int(number)))"
    case .real(let number): "\(String(number))"
    case .text(let text): try said(text, as: field, of: deed)
    case .list(let values): try said(values, as: field, of: deed)
    case .object(let members):
      HTML(
        try FieldWords.sorted(members).enumerated().map { place, member in
          let name = FieldWords.named(member.key).map { look($0) } ?? member.key
          let value = try said(member.value, as: member.key, of: deed)
          return "\(place == 0 ? "" : look("，", ", "))\(name) \(value)"
        })
    }
  }

  /// The first few of a list; the rest stands in the entry as it is kept.
  private mutating func said(
    _ values: [Fields], as field: String, of deed: AuditedDeed
  ) throws -> HTML {
    if values.isEmpty { return "\(look("无", "none"))" }
    let shown = try values.prefix(Self.listed).enumerated().map { place, value -> HTML in
      let gap = if case .object = value { look("；", "; ") } else { look("、", ", ") }
      return "\(place == 0 ? "" : gap)\(try said(value, as: field, of: deed))"
    }
    let rest: HTML? =
      values.count > Self.listed
      ? "\(look("等，共 \(look.number(values.count)) 项", " and more, \(look.number(values.count)) in all"))"
      : nil
    return "\(shown)\(rest)"
  }

  /// How many of a list are shown.
  private static let listed = 6

  private mutating func said(
    _ text: String, as field: String, of deed: AuditedDeed
  ) throws -> HTML {
    if FieldWords.accounts.contains(field) {
      return try account(text, to: opens.address(.account, text))
    }
    if FieldWords.places.contains(field), let name = try placeName(text) {
      return "\(name) (\(identifier(text, to: opens.address(.place, text))))"
    }
    if let matter = FieldWords.matter(field) {
      return identifier(text, to: opens.address(matter, text))
    }
    if let words = try words(text, as: field, of: deed) { return "\(words)" }
    // A day is ten signs; a moment has its time behind the day. Numbers of other things are no dates.
    if text.count == 10, text.contains("-"), let day = Day(text) { return "\(look.day(day))" }
    if text.count > 10, text.dropFirst(10).first == "T",
      let moment = Instant(text, in: reading.zone)
    {
      return "\(look.moment(moment))"
    }
    return identifier(text, to: nil)
  }

  /// What a code is called; nil where it is none that is known here.
  private mutating func words(
    _ text: String, as field: String, of deed: AuditedDeed
  ) throws -> String? {
    switch field {
    case "source":
      try reading.policy(CasePolicy.self).sources.first { $0.code == text }.map { look($0.words) }
    case "role": try reading.policy(OfficesPolicy.self).roles[text].map { look($0.title) }
    case "seat": try Seat(text).map { try names.words(of: $0) }
    case "from", "to":
      deed.name == ObligationMoved.name ? try Seat(text).map { try names.words(of: $0) } : nil
    case "command":
      reading.assembly.commands[text].flatMap { $0.duty.isNamed ? look($0.duty.words) : nil }
    case "kind" where deed.name.hasPrefix("obligations."):
      reading.assembly.obligationKinds[text].map { look($0.title) }
    default: CodeWords.named(text, in: field, of: deed.name).map { look($0) }
    }
  }

  /// What a place is called; nil when it is somebody's door, of which the number says enough.
  private func placeName(_ text: String) throws -> String? {
    guard let place = try PlacesStore(reading.transaction).find(PlaceID(trusted: text)),
      place.level.depth <= PlaceLevel.building.depth
    else { return nil }
    return place.name
  }
}
