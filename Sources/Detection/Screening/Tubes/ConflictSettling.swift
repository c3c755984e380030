import Gazette
import Kernel
import Registry

/// Applies what was decided of one contradiction.
struct ConflictSettling {
  private let work: Work
  private let found: SwabConflict
  private let swabs: SwabsStore
  private let tubes: TubesStore
  private let residents: ResidentsStore
  private let rounds: ScreeningRoundStore
  private let book: RosterBook
  private var touched: Set<TubeCode> = []
  private var struck = 0
  private var voided = 0
  private var again: Set<PersonID> = []

  init(_ work: Work, _ found: SwabConflict) {
    self.work = work
    self.found = found
    swabs = SwabsStore(work.transaction)
    tubes = TubesStore(work.transaction)
    residents = ResidentsStore(work.transaction)
    rounds = ScreeningRoundStore(work.transaction)
    book = RosterBook(work.transaction)
  }

  var answer: SettleConflict.Answer {
    SettleConflict.Answer(struck: struck, voided: voided, again: again.count)
  }

  // MARK: Decisions

  /// Strikes one person out of one tube.
  mutating func strike(_ person: PersonID, from code: TubeCode) throws {
    let identifiers = try residents.identifiers(of: person)
    let isMeant =
      found.kind.isAboutPerson
      ? identifiers.contains { $0.text == found.about } : found.about == code.text
    guard isMeant,
      let swab = try swabs.inTube(code).first(where: {
        $0.person == person && $0.withdrawnAt == nil
      })
    else {
      throw Refusal(
        .notFound, "conflict.noSuchSwab",
        Words(
          "该矛盾与此人此管无关，请核对管码和人员",
          "The contradiction is not about this person in this tube; check both"),
        field: "tube")
    }
    // Whoever has another good tube owes nothing.
    try strike([swab], owing: true)
  }

  /// Of one person's tubes one counts.
  mutating func keep(_ tube: TubeCode?) throws {
    let own = try own()
    guard let tube, own.contains(where: { $0.tube.code == tube }) else {
      let codes = own.map(\.tube.code.text).joined(separator: " | ")
      throw Refusal.malformed("tube", tube?.text ?? "", expected: Words(codes, codes))
    }
    try strike(own.filter { $0.tube.code != tube }.map(\.swab), owing: false)
  }

  /// The tube is one device's.
  mutating func give(to device: String?) throws {
    let inside = try standing(in: TubeCode(trusted: found.about))
    let devices = Set(inside.compactMap(\.device))
    guard let device, devices.contains(device) else {
      let codes = devices.sorted().joined(separator: " | ")
      throw Refusal.malformed("device", device ?? "", expected: Words(codes, codes))
    }
    try strike(inside.filter { $0.device != nil && $0.device != device }, owing: true)
  }

  /// What contradicts is struck out, and its people are swabbed again.
  mutating func reswab() throws {
    if found.kind.isAboutPerson {
      try strike(try own().map(\.swab), owing: true)
      return
    }
    let tube = try tubes.get(TubeCode(trusted: found.about))
    let inside = try standing(in: tube.code)
    let clock = try work.policy(ScreeningPolicy.self).clocks.clockAheadMinutes
    let round = try rounds.get(tube.round)
    let wrong = inside.filter { swab in
      switch found.kind {
      case .afterSeal: swab.isLate
      case .heldShared: swab.isRecheck
      case .control: true
      case .otherRound: swab.round != tube.round
      case .outsideRound: round.isOutside(swab.sampledAt, clockMinutes: clock) && !swab.isRecheck
      case .secondTube, .overfull, .twoDevices, .ahead, .voidAfterResult, .sealCount: false
      }
    }
    try strike(wrong, owing: true)
  }

  /// The tube, or all tubes of the person, can give no result.
  mutating func void() throws {
    let codes =
      found.kind.isAboutPerson
      ? try own().map(\.tube.code) : [TubeCode(trusted: found.about)]
    for code in codes {
      var tube = try tubes.get(code)
      guard tube.result == nil || tube.result == .invalid else {
        throw Refusal.tube(
          "tube.resulted", "管 \(code.text) 已出结果，不能作废；结果有误请在试管页申请更正",
          "Tube \(code.text) has a result and cannot be void; when it is wrong, ask for a correction on its page"
        )
      }
      guard tube.voidedAt == nil else { continue }
      tube.voidedAt = work.now
      tube.voidReason = .mixed
      try tubes.update(tube)
      try ConflictsStore(work.transaction).settleRest(
        of: code, .void, at: work.now, by: work.authority.sender.text)
      let inside = try standing(in: code)
      try work.resample(inside, book)
      try work.noteVoid(code, .mixed, members: inside.count)
      again.formUnion(inside.map(\.person))
      voided += 1
    }
  }

  /// That somebody held shares a tube is right in no case.
  func requireTrue() throws {
    guard found.kind == .heldShared else { return }
    guard try tubes.get(TubeCode(trusted: found.about)).result?.holds == true else {
      throw Refusal(
        .conflict, "conflict.heldShared",
        Words(
          "须单管复采的人不能与别人同管：请剔除其中一人，或作废此管",
          "Somebody held cannot share a tube: strike one of them out, or the tube is void"),
        field: "decision")
    }
  }

  /// What was swabbed after the seal was in the tube all the same: it counts like the others. Of a tube that is
  /// not negative nothing has to count: everybody in it is decided by a tube of their own.
  mutating func accept(for ground: LateGround?) throws {
    let tube = try tubes.get(TubeCode(trusted: found.about))
    if tube.result?.holds == true { return }
    guard ground != nil else {
      let codes = LateGround.allCases.map(\.rawValue).joined(separator: " | ")
      throw Refusal.malformed("ground", "", expected: Words(codes, codes))
    }
    for swab in try standing(in: tube.code) where swab.isLate {
      var accepted = swab
      accepted.acceptedAt = work.now
      guard !TubesRules.isLate(accepted, in: tube) else {
        throw Refusal(
          .conflict, "conflict.testedBefore",
          Words(
            "管 \(tube.code.text) 在采样之前已出结果，这些人不可能在受检的管内；请选“剔除并重采”",
            "Tube \(tube.code.text) was tested before that swab was taken: it cannot be in it. Strike it out and swab "
              + "again"), field: "decision")
      }
      try swabs.update(accepted)
    }
    touched.insert(tube.code)
  }

  // MARK: What follows

  /// The person's swabs that can give a result.
  private func own() throws -> [SwabWithTube] {
    let identifiers = try residents.identifiers(of: PersonID(trusted: found.about))
    return try swabs.of(identifiers, in: found.round).filter { $0.isGood && !$0.swab.isRecheck }
  }

  private func standing(in code: TubeCode) throws -> [Swab] {
    try swabs.inTube(code).filter { $0.withdrawnAt == nil }
  }

  private mutating func strike(_ wrong: [Swab], owing: Bool) throws {
    // What is known to be in a control holds nobody.
    for code in Set(wrong.map(\.tube)).sorted() where found.kind != .control {
      guard try tubes.get(code).result?.holds != true else {
        throw Refusal.tube(
          "tube.holds", "管 \(code.text) 结果异常，管内人员须各自单管复检，不能剔除；请选其他处理",
          "Tube \(code.text) is not negative: everyone in it is decided by a tube of their own, nobody is "
            + "struck out; decide otherwise")
      }
    }
    for swab in wrong {
      var gone = swab
      gone.withdrawnAt = work.now
      try swabs.update(gone)
      try swabs.count(
        -1, of: swab.round, at: swab.point, quarter: TubesRules.quarter(of: swab.sampledAt))
      struck += 1
      touched.insert(swab.tube)
    }
    for swab in wrong { try follow(swab, owing: owing) }
  }

  /// Lets whoever was struck out stand as their other swabs say, and owe one where none is left.
  private mutating func follow(_ swab: Swab, owing: Bool) throws {
    let identifiers = try residents.identifiers(of: swab.person)
    for recall in try RecallsStore(work.transaction).decided(by: swab.tube)
    where identifiers.contains(recall.person) { try work.withdrawSingle(recall) }
    let round = try rounds.get(swab.round)
    let own = try swabs.of(
      Set(identifiers + [swab.person, swab.spot?.listed ?? swab.person]).sorted(), in: swab.round)
    if let spot = swab.spot { try work.settle(swab.person, at: spot, in: round, book, by: own) }
    try work.settleSecondTube(of: swab.person, in: swab.round, by: own)
    let isHeld = try !RecallsStore(work.transaction).held(of: identifiers, in: swab.round).isEmpty
    guard owing, !isHeld, !own.contains(where: \.isGood) else { return }
    guard again.insert(swab.person).inserted else { return }
    let policy = try work.policy(ScreeningPolicy.self)
    let home = try residents.current(swab.person)?.home ?? round.area
    try work.oweSwab(
      insteadOf: swab, at: home, by: work.now + .minutes(policy.clocks.reswabMinutes))
  }

  /// Takes back the contradictions that are none any more, and writes the lists.
  func finish() throws {
    for code in touched.sorted() {
      var tube = try tubes.get(code)
      let inside = try work.recount(tube, try swabs.inTube(code), book)
      try work.settle(&tube, holding: inside, isRevised: true) { try rounds.get($0).pool }
    }
    try book.save()
  }

  /// Whether it is a contradiction still.
  func isLeft() throws -> Bool {
    if found.kind.isAboutPerson { return TubesRules.isInTwoTubes(try own()) }
    guard found.kind.isOfTubes else { return false }
    let tube = try tubes.get(TubeCode(trusted: found.about))
    return TubesRules.conflicts(of: tube, holding: try swabs.inTube(tube.code))
      .contains(found.kind)
  }

  /// What is known of the contradiction now that it is decided; nil where each further word is new.
  func known() throws -> Set<String>? {
    if found.kind.isAboutPerson { return TubesRules.evidence(ofTwoTubes: try own()) }
    guard found.kind.isOfTubes else { return nil }
    let tube = try tubes.get(TubeCode(trusted: found.about))
    return TubesRules.evidence(of: found.kind, tube, holding: try swabs.inTube(tube.code))
  }
}
