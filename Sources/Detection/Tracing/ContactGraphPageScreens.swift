import Gazette
import Kernel
import Look
import Registry

/// The contacts of a case as a picture: by venue, kinds by shape and colour.
struct CaseContactGraph {
  let infection: CaseID
  /// Those who fit the filter, by venue.
  let answer: ContactsTable.Answer
  let own: Address
  let reading: Reading
  private var look: Look { Look(reading) }

  func html() -> HTML {
    let table = own.with(["view": nil])
    let groups = answer.groups ?? []
    if groups.isEmpty {
      return look.empty(look("没有可以画的接触者", "There is nobody to draw"))
    }
    let venues = groups.map { group in
      ContactGraph.Venue(
        group.name ?? look("同住或当面", "home or in person"),
        address: table.with([
          "venue": group.venue?.text ?? "", "degree": String(group.degree),
        ]).text,
        people: group.lines.map(person), rest: group.count - group.lines.count,
        isIndirect: group.degree == 2)
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
