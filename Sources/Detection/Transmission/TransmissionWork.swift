import Gazette
import Kernel
import Registry

extension Work {
  /// A row as a link, with its words read and its cases looked up.
  func link(
    from row: TransmissionRow, or usual: TransmissionState
  ) throws -> TransmissionLink {
    let origin = try TransmissionRowRules.origin(row)
    if let infector = origin.infector {
      guard infector != row.infection else {
        throw Refusal(
          .invalid, "transmission.self",
          Words("病例不能是自己的传染源，请更正", "A case cannot have infected itself; correct it"),
          field: "infector")
      }
      guard try CasesStore(transaction).find(infector) != nil else {
        throw Refusal(
          .notFound, "transmission.noInfector",
          Words(
            "没有这个编号的病例；请先导入病例，或填 imported（输入）、unknown（不明）、venue（场所聚集）",
            "No case has this number; import the cases first, or say imported, unknown or venue"),
          field: "infector")
      }
    }
    if let venue = row.venue {
      _ = try ResidentsRules.identifier(venue, field: "venue")
    }
    if let from = row.exposedFrom, let to = row.exposedTo, to < from {
      throw Refusal(
        .invalid, "transmission.reversed",
        Words("暴露结束早于开始，请更正", "The exposure ends before it begins; correct it"),
        field: "exposed_to")
    }
    return TransmissionLink(
      infection: row.infection, origin: origin, basis: try TransmissionRowRules.basis(row, origin),
      venue: row.venue, exposedFrom: row.exposedFrom, exposedTo: row.exposedTo,
      state: try TransmissionRowRules.state(row.state) ?? usual)
  }

  /// Keeps a link; the same again, or what follows from exposures anyway, is nothing new.
  func takeLink(
    _ link: TransmissionLink, replaces: TransmissionLinkID? = nil
  ) throws -> (id: TransmissionLinkID, isNew: Bool) {
    let store = TransmissionStore(transaction)
    let infected = try CasesStore(transaction).get(link.infection)
    guard infected.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    let live = try store.links(of: link.infection).filter(\.state.isLive)
    let same = live.first { $0.origin == link.origin }
    if let same, let id = same.id {
      guard same.says(link) else { throw Refusal.differentLink(link.infection) }
      if same.state == link.state || same.state == .confirmed { return (id, false) }
    }
    if link.state == .confirmed { try requireConfirmable(link, besides: live) }
    let sender = authority.sender.text
    let id = same?.id ?? newID()
    if same == nil {
      if link.state == .proposed, try followsFromExposures(link) { return (id, false) }
      try store.add(link, id: id, at: now, by: sender, replaces: replaces)
    } else {
      try store.decide(id, link.state, reason: nil, at: now, by: sender)
    }
    try record(
      SourceLinked(
        link: id, infection: link.infection, origin: link.origin.code, infector: link.infector,
        basis: link.basis, state: link.state, replaces: replaces))
    return (id, true)
  }

  private func requireConfirmable(
    _ link: TransmissionLink, besides live: [TransmissionLink]
  ) throws {
    if let other = live.first(where: { $0.state == .confirmed && $0.origin != link.origin }) {
      let source = other.infector?.text ?? other.origin.code
      throw Refusal(
        .conflict, "transmission.secondSource",
        Words(
          "病例 \(link.infection) 已确认传染源 \(source)；请先撤销，或以 proposed（待确认）登记",
          "The case \(link.infection) has the confirmed source \(source); withdraw that first, or "
            + "enter this one as proposed"), field: "infector")
    }
    guard let infector = link.infector else { return }
    let store = TransmissionStore(transaction)
    let chain =
      try [infector]
      + TransmissionLoopsRules.chain(above: infector) { try store.confirmed(of: $0)?.infector }
    guard let at = chain.firstIndex(of: link.infection) else { return }
    let circle = ([link.infection] + chain[...at]).map(\.text).joined(separator: " ← ")
    throw Refusal(
      .conflict, "transmission.loop",
      Words(
        "会形成环：\(circle)；请先撤销其中一个已确认的链接",
        "That would be a circle: \(circle); withdraw one of its confirmed links first"),
      field: "infector")
  }

  private func followsFromExposures(_ link: TransmissionLink) throws -> Bool {
    let evidence = TransmissionEvidence(transaction, try policy(TransmissionPolicy.self), zone)
    return try evidence.proposals(for: CasesStore(transaction).get(link.infection))
      .contains { $0.says(link) }
  }

  /// What contradicts itself in a link, on what is known of its cases.
  func contradictions(of link: TransmissionLink) throws -> [TransmissionContradiction] {
    let store = CasesStore(transaction)
    let infected = TransmissionCase(try store.get(link.infection), in: zone)
    let infector = try link.infector.flatMap { try store.find($0) }
      .map { TransmissionCase($0, in: zone) }
    return TransmissionRules.contradictions(
      of: link, infected: infected, infector: infector,
      under: try policy(TransmissionPolicy.self), zone: zone)
  }

  /// Takes a live link back; answers what it was.
  @discardableResult
  func withdraw(_ id: TransmissionLinkID, reason: String) throws -> TransmissionLink {
    let reason = try ResidentsRules.plain(reason, field: "reason")
    let store = TransmissionStore(transaction)
    let known = try store.get(id)
    guard known.state.isLive else {
      throw Refusal(
        .conflict, "transmission.closed",
        Words("该链接已撤销或已排除", "This link was withdrawn or rejected already"), field: "link")
    }
    try store.decide(
      id, .withdrawn, reason: reason, at: now, by: authority.sender.text)
    try record(SourceWithdrawn(link: id, infection: known.infection, infector: known.infector))
    return known
  }

  /// Where the infected case of a link lives.
  func place(of link: TransmissionLinkID) throws -> PlacePath {
    let known = try TransmissionStore(transaction).get(link)
    return try CasesStore(transaction).get(known.infection).path
  }
}

extension TransmissionCase {
  /// A case of the register as the rules see it.
  init(_ infection: Infection, in zone: Zone) {
    self.init(
      id: infection.id, kind: infection.convertedAt == nil ? infection.kind : .converted,
      onsetOn: infection.onsetOn,
      sampledOn: infection.sampledAt.map { Day(of: $0, in: zone) },
      reportedAt: infection.reportedAt, zone: zone, isWithdrawn: infection.withdrawnAt != nil)
  }
}

extension Refusal {
  fileprivate static func differentLink(_ infection: CaseID) -> Refusal {
    Refusal(
      .conflict, "transmission.different",
      Words(
        "病例 \(infection) 与该传染源的链接已有记录且内容不同，请用 transmission.correct 写明理由更正",
        "This source of \(infection) is known with another content; correct it with a reason"),
      field: "infector")
  }
}
