import Kernel

/// What contradicts itself in a link or between links, by the cases that it concerns.
package struct TransmissionContradiction: Hashable, Sendable {
  /// What does not fit.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// The infector fell ill later than the other by more than the policy allows.
    case onsetOrder = "onset_order"
    /// The exposure began after the onset.
    case exposureAfterOnset = "exposure_after_onset"
    /// The infector could not infect anybody at the time.
    case notInfectious = "not_infectious"
    /// More than one source is confirmed.
    case severalSources = "several_sources"
    /// Each infected the next, and the last the first.
    case loop
    /// A case is said to have infected itself.
    case selfLink = "self"
    /// One of the two was withdrawn: it is no case.
    case withdrawnCase = "withdrawn_case"
  }

  package let kind: Kind
  /// The infected case first, then its sources; of a loop each before its infector.
  package let cases: [CaseID]
  /// By how many days, where that says something.
  package let days: Int?
  package let state: TransmissionState

  package init(
    _ kind: Kind, _ cases: [CaseID], days: Int? = nil, state: TransmissionState = .confirmed
  ) {
    self.kind = kind
    self.cases = cases
    self.days = days
    self.state = state
  }

  /// What people read.
  package var words: Words {
    let infected = cases.first?.text ?? ""
    let others = cases.dropFirst().map(\.text)
    let (chinese, english) = (
      others.joined(separator: "、"), others.joined(separator: ", ")
    )
    let days = days.map(String.init) ?? ""
    switch kind {
    case .onsetOrder:
      return Words(
        "\(chinese) 发病比 \(infected) 晚 \(days) 天，难以是其传染源",
        "\(english) fell ill \(days) days after \(infected) and can hardly be the source")
    case .exposureAfterOnset:
      return Words(
        "\(infected) 发病 \(days) 天后才接触 \(chinese)",
        "\(infected) met \(english) \(days) days after falling ill")
    case .notInfectious:
      return Words(
        "接触时 \(chinese) 不在传染期内（\(infected)）",
        "\(english) could not infect \(infected) at the time of the exposure")
    case .severalSources:
      return Words(
        "\(infected) 有多个已确认的传染源：\(chinese)",
        "\(infected) has several confirmed sources: \(english)")
    case .loop:
      let circle = (cases + cases.prefix(1)).map(\.text).joined(separator: " ← ")
      return Words("互相传染成环：\(circle)", "a circle of infections: \(circle)")
    case .selfLink:
      return Words("\(infected) 不能是自己的传染源", "\(infected) cannot have infected itself")
    case .withdrawnCase:
      return Words(
        "\(infected) 与 \(chinese) 之一已撤销，不再是病例",
        "\(infected) or \(english) was withdrawn and is no case")
    }
  }
}

/// Judgement on single links: what contradicts itself, and how likely a source is.
package enum TransmissionRules {
  /// What contradicts itself in one link, on what is known of both cases.
  package static func contradictions(
    of link: TransmissionLink, infected: TransmissionCase, infector: TransmissionCase?,
    under policy: TransmissionPolicy, zone: Zone
  ) -> [TransmissionContradiction] {
    guard let source = link.infector else { return exposureFault(link, infected, zone) }
    let both = [link.infection, source]
    if source == link.infection {
      return [.init(.selfLink, [link.infection], state: link.state)]
    }
    guard let infector else { return exposureFault(link, infected, zone) }
    var found: [TransmissionContradiction] = []
    if infected.isWithdrawn || infector.isWithdrawn {
      found.append(.init(.withdrawnCase, both, state: link.state))
    }
    if let later = infector.onsetDay, let earlier = infected.onsetDay,
      later - earlier > policy.onsetLeadDays
    {
      found.append(.init(.onsetOrder, both, days: later - earlier, state: link.state))
    }
    found += exposureFault(link, infected, zone)
    if let exposure = link.exposure, let onset = infector.onsetDay {
      let from = (onset - policy.infectiousDays.before).start(in: zone)
      let until = (onset + policy.infectiousDays.after).end(in: zone)
      if exposure.to < from || exposure.from >= until {
        found.append(.init(.notInfectious, both, state: link.state))
      }
    }
    return found
  }

  private static func exposureFault(
    _ link: TransmissionLink, _ infected: TransmissionCase, _ zone: Zone
  ) -> [TransmissionContradiction] {
    guard let exposure = link.exposure, let onset = infected.onsetDay else { return [] }
    let began = Day(of: exposure.from, in: zone)
    guard began > onset else { return [] }
    let source = link.infector?.text ?? link.venue?.text
    let cases = [link.infection] + (source.map { [CaseID(trusted: $0)] } ?? [])
    return [.init(.exposureAfterOnset, cases, days: began - onset, state: link.state)]
  }

  /// How likely a source is beside others: by its basis, the time together, and how the days between
  /// the onsets fit the serial interval. Only its ratio to that of others says anything.
  package static func weight(
    of link: TransmissionLink, infected: TransmissionCase, infector: TransmissionCase,
    under policy: TransmissionPolicy
  ) -> Double {
    let basis = policy.weights[(link.basis ?? .told).rawValue] ?? 0
    let minutes = Double(link.seconds) / 60
    // Nobody measures how long a household is together; where nothing is measured nothing is held
    // against it.
    let time =
      link.seconds == 0 ? 1 : 0.5 + 0.5 * min(1, minutes / Double(policy.fullMinutes))
    let days = Double(infected.day - infector.day)
    let away = (days - policy.serialInterval.usualDays) / policy.serialInterval.spreadDays
    return basis * time / (1 + away * away)
  }

  /// The links of one case to likely infectors, the likeliest first, with their shares of the whole.
  /// What contradicts itself has no share and stands last.
  package static func ranked(
    _ links: [TransmissionLink], of infected: TransmissionCase,
    cases: [CaseID: TransmissionCase], under policy: TransmissionPolicy, zone: Zone
  ) -> [RankedLink] {
    let weighed = links.map { link -> RankedLink in
      let infector = link.infector.flatMap { cases[$0] }
      let faults = contradictions(
        of: link, infected: infected, infector: infector, under: policy, zone: zone)
      let own =
        faults.isEmpty
        ? infector.map { weight(of: link, infected: infected, infector: $0, under: policy) } ?? 0
        : 0
      return RankedLink(link: link, weight: own, share: 0, contradictions: faults)
    }
    let whole = weighed.filter { $0.link.state == .proposed }.reduce(0) { $0 + $1.weight }
    return weighed.map { ranked in
      var ranked = ranked
      let counts = ranked.link.state == .proposed && whole > 0
      ranked.share = counts ? ranked.weight / whole : 0
      return ranked
    }.sorted(by: isBefore)
  }

  private static func isBefore(_ left: RankedLink, _ right: RankedLink) -> Bool {
    let (one, other) = (left.link.state == .confirmed, right.link.state == .confirmed)
    if one != other { return one }
    if left.contradictions.isEmpty != right.contradictions.isEmpty {
      return left.contradictions.isEmpty
    }
    if left.weight != right.weight { return left.weight > right.weight }
    let (first, second) = (left.link.infector?.text ?? "", right.link.infector?.text ?? "")
    return first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}

/// A link beside the others of its case.
package struct RankedLink: Sendable {
  package let link: TransmissionLink
  package let weight: Double
  /// Its part of all that is likely, 0 to 1, among what is known.
  package var share: Double
  package let contradictions: [TransmissionContradiction]
}
