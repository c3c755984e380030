import Gazette
import Kernel
import Registry

/// The rulings about a case, to be laid over what the computation finds: a new record of the same
/// stay does not bring back what an investigator has put right.
struct ContactRulings {
  private let rulings: [(ruling: ContactRuling, people: Set<PersonID>)]

  init(of infection: CaseID, in transaction: any Transaction) throws {
    let residents = ResidentsStore(transaction)
    rulings = try ContactRulingsStore(transaction).about(infection).map {
      ($0, Set(try residents.identifiers(of: $0.was.person)).union([$0.was.person]))
    }
  }

  /// Exposures as they were ruled; what is left of none is gone.
  func applied(to exposures: [Exposure]) -> [Exposure] {
    rulings.isEmpty ? exposures : exposures.compactMap(applied)
  }

  private func applied(to exposure: Exposure) -> Exposure? {
    let last = rulings.last { ruling, people in
      people.contains(exposure.person) && ContactRulingsRules.covers(ruling.was, exposure)
    }
    guard let ruling = last?.ruling else { return exposure }
    return ContactRulingsRules.corrected(exposure, to: ruling.kind, in: ruling.span, of: ruling.was)
  }
}

/// What a ruling makes of an exposure.
enum ContactRulingsRules {
  /// Whether what was ruled of one exposure holds for another: the same way of meeting, and no longer
  /// than what the ruling saw. Living together goes on.
  static func covers(_ ruled: Exposure, _ exposure: Exposure) -> Bool {
    exposure.infection == ruled.infection && exposure.degree == ruled.degree
      && exposure.basis == ruled.basis && exposure.venue == ruled.venue
      && exposure.via == ruled.via
      && (exposure.basis == .household
        || ruled.span.from <= exposure.span.from && exposure.span.to <= ruled.span.to)
  }

  /// The exposure with a weaker kind and what is left of its span; nil when nothing is. A span that
  /// was not corrected stays as it is found.
  static func corrected(
    _ exposure: Exposure, to kind: ContactKind, in span: TimeSpan, of ruled: Exposure
  ) -> Exposure? {
    let left = span == ruled.span ? exposure.span : exposure.span.common(with: span)
    if left.to < left.from || (left.isEmpty && !exposure.span.isEmpty) { return nil }
    return Exposure(
      person: exposure.person, infection: exposure.infection, degree: exposure.degree,
      kind: kind.weight < exposure.kind.weight ? kind : exposure.kind, basis: exposure.basis,
      via: exposure.via, venue: exposure.venue, span: left,
      seconds: min(exposure.seconds, left.seconds), sources: exposure.sources,
      toldBy: exposure.toldBy, confirmedBy: exposure.confirmedBy)
  }
}
