import Gazette
import Kernel
import Registry

/// Who is or was held in a round, and how it ended.
package struct ListRecalls: Query {
  /// One person in one tube.
  package struct Line: Codable, Sendable {
    package let person: PersonID
    package let tube: TubeCode
    package let heldSince: Instant
    /// `held`, `released` or `case`.
    package let state: String
    package let singleTube: TubeCode?
    package let decidedAt: Instant?
    /// What the tube said.
    package let result: String

    private enum CodingKeys: String, CodingKey {
      case person
      case tube
      case state
      case result
      case heldSince = "held_since"
      case singleTube = "single_tube"
      case decidedAt = "decided_at"
    }
  }

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    /// Where the next page begins; nil after the last.
    package let after: String?
  }

  package static let name = "screening.recalls"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.containment, .investigation, .supervision, .exchange]
  private static let page = 1_000
  package let round: RoundID
  package let after: String?

  package init(round: RoundID, after: String? = nil) {
    self.round = round
    self.after = after
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = RecallsStore(reading.transaction)
    let found = try store.of(round, after: cursor(), limit: Self.page)
    for recall in found { reading.disclose(recall.person) }
    let last = found.count == Self.page ? found.last : nil
    return Answer(
      lines: found.map { recall in
        Line(
          person: recall.person, tube: recall.tube, heldSince: recall.heldSince,
          state: recall.state.rawValue, singleTube: recall.single, decidedAt: recall.decidedAt,
          result: recall.result.rawValue)
      }, after: last.map { "\($0.heldSince.milliseconds) \($0.tube) \($0.person)" })
  }

  /// Neither a time nor a tube's code has a space in it, whatever a person's identifier has.
  private func cursor() throws(Refusal) -> RecallsStore.Cursor? {
    guard let after else { return nil }
    let parts = after.split(separator: " ", maxSplits: 2).map(String.init)
    guard parts.count == 3, let since = Int64(parts[0]) else {
      throw Refusal.malformed(
        "after", after,
        expected: Words("上一页给出的位置", "the place that the page before gave"))
    }
    return RecallsStore.Cursor(
      heldSince: Instant(milliseconds: since), tube: TubeCode(trusted: parts[1]),
      person: PersonID(trusted: parts[2]))
  }
}

/// The lists of results that wait for somebody's decision.
package struct ListQuarantined: Query {
  /// One list.
  package struct Line: Codable, Sendable {
    package let batch: BatchID
    package let laboratory: LaboratoryID
    package let sequence: Int
    package let rows: Int
    package let cameAt: Instant
    package let reasons: [String]
    /// The tube of one result that was entered by hand; nil for a list.
    package let tube: TubeCode?
    /// What the first of two said: `release`, `discard`, or nothing yet.
    package let said: String?

    private enum CodingKeys: String, CodingKey {
      case batch
      case laboratory
      case sequence
      case rows
      case reasons
      case tube
      case said
      case cameAt = "came_at"
    }
  }

  package static let name = "screening.quarantined"
  package static let duty: Duty = "screening.decideBatch"
  package static let purposes: [Purpose] = []
  private static let most = 500

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [Line] {
    try ResultsStore(reading.transaction).quarantined(limit: Self.most).filter { batch in
      reading.authority.may(Self.duty, at: batch.area ?? .everywhere)
    }.map { batch in
      Line(
        batch: batch.id, laboratory: batch.laboratory, sequence: batch.sequence,
        rows: batch.rows, cameAt: batch.cameAt, reasons: batch.reasons, tube: batch.tube,
        said: batch.said.map { $0.release ? "release" : "discard" })
    }
  }
}

/// A person's results, the latest first, with the times of both and until when the latest counts.
package struct Certificate: Codable, Sendable {
  /// One result.
  package struct Line: Codable, Sendable {
    package let tube: TubeCode
    /// `negative`, `held` while the person's own tube is undecided, `positive` or `invalid`; never
    /// whether others of a tube are infected.
    package let result: String
    package let sampledAt: Instant
    package let reportedAt: Instant
    package let laboratory: LaboratoryID?
    package let validUntil: Instant
    package let isValid: Bool

    private enum CodingKeys: String, CodingKey {
      case tube
      case result
      case laboratory
      case sampledAt = "sampled_at"
      case reportedAt = "reported_at"
      case validUntil = "valid_until"
      case isValid = "is_valid"
    }
  }

  package let person: PersonID
  package let lines: [Line]
  /// Since when the person is held and has to wait for a tube of their own; nil for whoever is not. No result
  /// of theirs counts until then.
  package let heldSince: Instant?
  /// When a swab was taken whose tube has no result yet.
  package let waitingSince: Instant?

  private enum CodingKeys: String, CodingKey {
    case person
    case lines
    case heldSince = "held_since"
    case waitingSince = "waiting_since"
  }
}

extension Reading {
  /// The certificate of a person.
  fileprivate func certificate(of person: PersonID) throws -> Certificate {
    let residents = ResidentsStore(transaction)
    let live = try residents.survivor(of: person)
    disclose(live.id)
    let identifiers = try residents.identifiers(of: live.id)
    let heldSince = try RecallsStore(transaction).heldSince(of: identifiers)
    let swabs = try SwabsStore(transaction).latest(of: identifiers, limit: 20).filter {
      $0.swab.withdrawnAt == nil
    }
    let validity = try policy(ScreeningPolicy.self).validity
    let lines = try swabs.compactMap { found -> Certificate.Line? in
      guard let result = found.tube.result, let reportedAt = found.tube.reportedAt else {
        return nil
      }
      // What cannot be in what was tested has no result.
      guard !found.swab.isLate else { return nil }
      // What was found to be in the tube in time was taken before that went on.
      let sampledAt = min(
        found.swab.sampledAt, found.tube.sealedAt ?? found.swab.sampledAt,
        found.tube.receivedAt ?? found.swab.sampledAt)
      let until = ResultsRules.validUntil(
        sampledAt: sampledAt, reportedAt: reportedAt, validity)
      guard let shown = try self.result(result, of: found) else { return nil }
      return Certificate.Line(
        tube: found.tube.code, result: shown, sampledAt: sampledAt,
        reportedAt: reportedAt, laboratory: found.tube.laboratory, validUntil: until,
        isValid: shown == TubeResult.negative.rawValue && now < until && heldSince == nil)
    }
    let waiting = swabs.first { $0.isGood && $0.tube.result == nil }
    return Certificate(
      person: live.id, lines: lines, heldSince: heldSince,
      waitingSince: waiting?.swab.sampledAt)
  }

  /// A pool that is not negative says nothing of one person in it: what counts is their own tube. Nil
  /// where that one has spoken and stands in a line of its own.
  private func result(_ result: TubeResult, of found: SwabWithTube) throws -> String? {
    // A tube that turned out void says nothing any more that frees anybody.
    guard result.holds else { return (found.isGood ? result : .invalid).rawValue }
    let recall = try RecallsStore(transaction).of(found.tube.code).first {
      $0.person == found.swab.person
    }
    switch recall?.state {
    case .released: return recall?.single == nil ? TubeResult.negative.rawValue : nil
    case .infection: return TubeResult.positive.rawValue
    case .held, nil: return Recall.State.held.rawValue
    }
  }
}

/// A person's results, for whoever has to see them.
package struct ShowCertificate: Query {
  package static let name = "screening.certificate"
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.fieldwork, .containment, .investigation]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> Certificate {
    try reading.certificate(of: person)
  }
}

/// The resident's own results.
package struct OwnCertificate: Query {
  package static let name = "screening.ownCertificate"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Certificate {
    guard case .resident(let person) = reading.authority.sender else {
      throw Refusal(
        .forbidden, "certificate.own",
        Words("只有本人可以查看", "Only the person themself sees this"))
    }
    return try reading.certificate(of: person)
  }
}
