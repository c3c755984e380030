import Kernel

/// The two kinds of infection that a bulletin numbers apart: `病例1…` and `无症状感染者1…`.
package enum PublishedKind: String, Codable, CaseIterable, Sendable {
  case confirmed
  case asymptomatic

  package var words: Words {
    switch self {
    case .confirmed: Words("确诊病例", "confirmed cases")
    case .asymptomatic: Words("无症状感染者", "asymptomatic infections")
    }
  }
}

/// How an infection was found, as far as the published sentences tell.
package enum PublishedSource: String, Codable, CaseIterable, Sendable {
  /// Reported as asymptomatic before, confirmed now (转归).
  case converted
  /// Found among people in isolation or closed-loop control, close contacts among them.
  case isolation
  /// Found by screening people at risk.
  case screening
  /// The text does not say, or not in words that are understood.
  case unknown
}

/// A published bulletin read back into numbers: what its headline says, and what its own list of
/// case numbers adds up to.
///
/// The form is that of the Shanghai Municipal Health Commission's bulletins of spring 2022, both
/// the later layout by ranges (`病例1—病例18，居住于浦东新区，…均为本市闭环隔离管控人员`) and the earlier one
/// case by case. Slips of the pen (spaces, doubled commas, broken lines, half- and full-width
/// characters) are read over; what cannot be read is named in ``differences``, never guessed.
package struct BulletinText: Sendable {
  package let file: String
  package let headline: BulletinHeadline
  package let breakdown: BulletinBreakdown

  /// Reads a bulletin from its text in UTF-8.
  package init(file: String, bytes: [UInt8]) {
    self.init(file: file, text: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a bulletin from its text.
  package init(file: String, text: String) {
    let normalised = BulletinTextNormalised(text)
    self.file = file
    headline = BulletinHeadline(normalised.sentences)
    breakdown = BulletinBreakdown(BulletinTextScanner(normalised.running).tokens())
  }

  /// Whether every case number from 1 to the headline's is covered once, and the headline's
  /// converted and found-in-isolation numbers equal the rebuilt ones.
  package var reconciles: Bool { differences.allSatisfy { !$0.breaksReconciliation } }

  /// Everything in which the headline and the list disagree.
  package var differences: [BulletinDifference] {
    var differences: [BulletinDifference] = []
    if headline.date == nil { differences.append(.noDate) }
    for kind in PublishedKind.allCases {
      guard let published = headline.count[kind] else {
        differences.append(.noHeadline(kind))
        continue
      }
      differences += breakdown.coverageDifferences(of: kind, upTo: published)
      if let isolation = headline.isolation[kind] {
        let rebuilt = breakdown.total(kind, .isolation)
        if isolation != rebuilt {
          differences.append(.source(.isolation, kind, published: isolation, rebuilt: rebuilt))
        }
      }
    }
    let converted = breakdown.total(.confirmed, .converted)
    if headline.converted != converted {
      differences.append(
        .source(.converted, .confirmed, published: headline.converted, rebuilt: converted))
    }
    return differences + headline.disagreements
  }
}
