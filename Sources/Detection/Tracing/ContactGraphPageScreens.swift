import Gazette
import Kernel
import Look
import Registry

/// The contacts of a case as a picture: by venue, kinds by shape and colour.
struct CaseContactGraph {
  let infection: CaseID
  /// Those who fit the filter, as many as are drawn and more.
  let answer: ContactsTable.Answer
  let own: Address
  let reading: Reading
  private var look: Look { Look(reading) }

  /// So many are asked for, the strongest first.
  static let asked = 500
  /// So many people are drawn; the table has the rest.
  private static let most = 60
  private static let mostOfVenue = 12

  func html() -> HTML {
    let table = own.with(["view": nil])
    if answer.lines.isEmpty {
      return look.empty(look("没有可以画的接触者", "There is nobody to draw"))
    }
    let names = Dictionary(answer.venues.map { ($0.code, $0.name) }) { first, _ in first }
    // Everybody stands at one venue: where most others were, too.
    let order = Dictionary(
      answer.venues.enumerated().map { ($1.code, $0) }
    ) { first, _ in first }
    let groups = Dictionary(grouping: answer.lines) { line in
      Group(
        venue: line.venues.min { (order[$0.text] ?? .max) < (order[$1.text] ?? .max) }?.text ?? "",
        degree: line.degree)
    }.sorted {
      ($0.key.degree, $1.value.count, $0.key.venue) < ($1.key.degree, $0.value.count, $1.key.venue)
    }
    var left = Self.most
    var venues: [ContactGraph.Venue] = []
    for (group, lines) in groups where left > 0 {
      let code = group.venue
      let name = code.isEmpty ? look("同住或当面", "home or in person") : names[code] ?? code
      let isIndirect = group.degree == 2
      let drawn = lines.prefix(min(left, Self.mostOfVenue))
      left -= drawn.count
      venues.append(
        ContactGraph.Venue(
          name,
          address: table.with(["venue": code, "degree": String(group.degree)]).text,
          people: drawn.map(person), rest: lines.count - drawn.count, isIndirect: isIndirect))
    }
    let shown = venues.reduce(0) { $0 + $1.people.count }
    let rest = answer.matched - shown
    return look.panel(
      look("关系图", "Who was near, and where"), id: "graph",
      note: look(
        "实心已判定，空心待判定；虚线：病例没有到场，经密接而来",
        "full: decided; hollow: to be decided; dashed: through a close contact, the case was not there"
      ),
      look.contactGraph(
        ContactGraph(center: infection.text, venues: venues, key: key),
        title: look("病例 \(infection) 的接触者", "Contacts of case \(infection)"))
        + (rest > 0
          ? look.linkButton(
            look("另有 \(rest) 人没有画出：看表", "\(rest) more are not drawn: see the table"),
            to: table.text) : ""))
  }

  /// Those of one venue who met the case there, or who met a contact of it.
  private struct Group: Hashable {
    let venue: String
    let degree: Int
  }

  private func person(_ line: ContactsTable.Line) -> ContactGraph.Person {
    let (shape, tone) = Self.drawing(line.kind)
    let name = line.name ?? look("姓名未知", "name unknown")
    return ContactGraph.Person(
      look.dotted([name, look(line.kind.words)]), shape: shape, tone: tone,
      isDecided: line.state != .proposed,
      title: look.dotted([
        name, look(line.kind.words), look(line.state.words),
        line.seconds > 0 ? look.duration(.seconds(line.seconds)) : nil, look.moment(line.lastAt),
      ]), address: "/contacts/\(Address.escaped(line.contact.text))")
  }

  private var key: [(ContactGraph.Shape, Look.Tone, String)] {
    ContactKind.allCases.map { kind in
      let (shape, tone) = Self.drawing(kind)
      return (shape, tone, look(kind.words))
    }
  }

  private static func drawing(_ kind: ContactKind) -> (ContactGraph.Shape, Look.Tone) {
    switch kind {
    case .close: (.circle, .late)
    case .secondary: (.diamond, .soon)
    case .general: (.square, .information)
    case .companion: (.triangle, .neutral)
    }
  }
}
