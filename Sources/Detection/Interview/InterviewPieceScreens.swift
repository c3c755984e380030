import Kernel
import Look
import Registry

/// One thing that a case said, with what became of it and a way to put it right.
struct SaidPiece {
  let piece: InterviewOfCase.Piece
  let symptoms: [InterviewPolicy.Symptom]
  let reading: Reading
  let request: ScreenRequest
  let mayAsk: Bool
  private var look: Look { Look(reading) }

  /// What was said, in one line.
  func words() throws -> String {
    if piece.answer != .told {
      return look.dotted([look(piece.answer.words), piece.words])
    }
    let codes = piece.symptoms.map { code in
      symptoms.first { $0.code == code }.map { look($0.title) } ?? code
    }
    let length = piece.span.map { look.duration($0.to - $0.from) }
    let mask = piece.masked.map {
      $0 ? look("都戴口罩", "both masked") : look("没都戴口罩", "not both masked")
    }
    switch piece.topic {
    case .onset: return look.dotted([piece.onsetOn.map { look.day($0) }, piece.words])
    case .symptoms:
      return look.dotted([codes.joined(separator: look("、", ", ")), piece.words])
    case .household, .work, .day: return piece.words ?? ""
    case .stay: return try venueName() ?? ""
    case .ride:
      return look.dotted([
        piece.transport.map { look($0.words) }, line, piece.words,
      ])
    case .meeting: return look.dotted([who(), try venueName(), length, mask])
    }
  }

  /// What the vehicle is called, without what it is.
  private var line: String? {
    guard let venue = piece.venue?.text, let kind = piece.transport?.words.chinese else {
      return nil
    }
    return venue.hasPrefix(kind) ? String(venue.dropFirst(kind.count)).trimmingWhitespace() : venue
  }

  private func venueName() throws -> String? {
    guard let place = piece.place else { return piece.venue?.text }
    return try PlacesStore(reading.transaction).find(place).map { found in
      try reading.shortAddress(of: found.path)
    } ?? piece.venue?.text
  }

  private func who() -> String? {
    if let name = piece.name { return look.dotted([name, piece.phone]) }
    return piece.person?.text
  }

  /// The line with its chip, what it may be, and how to strike it.
  func html() throws -> HTML {
    let row = look.row([
      look.paragraph(try words()), look.note(look.nearMoment(piece.recordedAt)), state,
    ])
    if !mayAsk { return row }
    return row + choices(try candidates())
      + look.disclosure(
        look("更改…", "Change…"), id: "change-\(piece.entry.text)", HTML([naming, striking]))
  }

  /// What the registry says of it.
  var state: HTML {
    if let contact = piece.contact {
      return look.link(
        look("已列为待判定的接触者", "put forward as a contact"),
        to: "/contacts/\(Address.escaped(contact.text))")
    }
    guard let lead = piece.lead else { return "" }
    let isFound = piece.person != nil || piece.place != nil || !piece.isLooked
    return look.chip(
      isFound
        ? Look.Label(look("已查明", "found"), .done)
        : Look.Label(look("台账里没有", "not in the register"), .soon))
      + look.link(look("线索", "lead"), to: "/leads/\(Address.escaped(lead.text))")
  }

  private func candidates() throws -> [HTML] {
    let venues = piece.venues.map { venue in
      look.valueButton(
        look.dotted([venue.name, venue.area == venue.name ? nil : venue.area]),
        name: venue.place == nil ? "venue" : "place", value: venue.venue.text)
    }
    let people = try piece.people.map { person in
      let file = try ResidentsStore(reading.transaction).find(person)
      let home = try file.map { try reading.shortAddress(of: $0.path) }
      return look.valueButton(
        look.dotted([file?.name.map { Mask.name($0.revealed) }, home]), name: "person",
        value: person.text)
    }
    return venues + people
  }

  private func choices(_ buttons: [HTML]) -> HTML {
    if buttons.isEmpty { return "" }
    return look.note(look("是这个吗？", "Is it one of these?"))
      + look.form(
        ResolveEntry.name, for: request, hidden: [("entry", piece.entry.text)],
        buttons: HTML(buttons), isInline: true, anchor: "day")
  }

  /// Saying who it is by the number of the file.
  private var naming: HTML {
    guard piece.topic == .meeting, piece.lead != nil, piece.person == nil else { return "" }
    return look.form(
      ResolveEntry.name, for: request, hidden: [("entry", piece.entry.text)],
      fields: [
        .init(
          "person", look("知道是谁：人员编号", "Who it is: the person’s number"), required: true)
      ], buttons: look.primaryButton(look("就是此人", "It is this person")), anchor: "day")
  }

  private var striking: HTML {
    look.form(
      StrikeEntry.name, for: request, hidden: [("entry", piece.entry.text)],
      fields: [
        .init(
          "reason", look("划去的原因", "Why it is struck"),
          .suggested([
            look("说错了", "said wrongly"), look("记错了", "written down wrongly"),
          ]), required: true)
      ], buttons: look.dangerButton(look("划去", "Strike")), anchor: "day")
  }
}
