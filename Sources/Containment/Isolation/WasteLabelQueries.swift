import Kernel
import Look
import Registry

/// The labels of the bags that stand at a site, to be printed and stuck on.
package struct WasteLabels: Query {
  /// What stands on one label (RULES 20: site, date, kind, weight).
  package struct Label: Codable, Sendable {
    package let label: String
    package let kind: Words
    package let grams: Int
    /// The day on which the bag was weighed.
    package let day: Day
  }

  package struct Answer: Codable, Sendable {
    package let site: PlaceID
    package let name: String
    package let labels: [Label]
  }

  package static let name = "isolation.labels"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = []
  package let site: PlaceID
  /// One bag; every bag that stands when nothing is said.
  package let label: String?

  package init(site: PlaceID, label: String? = nil) {
    self.site = site
    self.label = label
  }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try SitesStore(reading.transaction).get(site)
    let kinds = try reading.policy(IsolationPolicy.self).waste.kinds
    let words = Dictionary(kinds.map { ($0.code, $0.words) }) { first, _ in first }
    let bags = try WasteStore(reading.transaction).waiting(at: site).filter {
      label == nil || $0.label == label
    }
    if let label, bags.isEmpty {
      throw Refusal.notFound(Words("待交接的袋", "bag that stands here"), label, field: "label")
    }
    return Answer(
      site: site, name: try reading.shortAddress(of: found.path),
      labels: bags.map { bag in
        Label(
          label: bag.label, kind: words[bag.kind] ?? Words(bag.kind, bag.kind), grams: bag.grams,
          day: Day(of: bag.weighedAt, in: reading.zone))
      })
  }
}

/// The labels of bags as they come out of the printer: site, date, kind, weight, number, and a code that
/// holds the site and the number.
package enum WasteLabelSheet {
  /// The sheets of labels as PDF.
  package static func pdf(of answer: WasteLabels.Answer) -> [UInt8] {
    LabelSheet.pdf(
      of: answer.labels.map { label in
        WrittenLabel(
          code: code(of: label.label, at: answer.site),
          lines: [
            answer.name, label.kind.chinese, SiteWords.kilograms(label.grams), label.day.text,
          ], number: label.label)
      })
  }

  /// What the code on a label holds.
  package static func code(of label: String, at site: PlaceID) -> String {
    "\(site.text)/\(label)"
  }
}
