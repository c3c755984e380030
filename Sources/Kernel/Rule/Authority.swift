/// Who asks.
package enum Sender: Hashable, Sendable {
  /// A person or program that signed in to an account.
  case account(AccountID)
  /// A resident with a slip: sees and says only what concerns them.
  case resident(PersonID)
  /// The clock and the jobs that follow from facts.
  case clock
  /// Somebody who has not signed in.
  case nobody

  /// How the journal and the disclosure log name the sender.
  package var text: String {
    switch self {
    case .account(let id): id.text
    case .resident(let person): "resident:\(person.text)"
    case .clock: "clock"
    case .nobody: "nobody"
    }
  }
}

/// An office that somebody holds: a role with its duties, over an area.
package struct HeldOffice: Sendable {
  package let role: String
  package let place: PlaceID
  package let path: PlacePath
  package let duties: Set<Duty>
  /// The colleague who delegated it; nil for one's own.
  package let giver: AccountID?

  package init(
    role: String, place: PlaceID, path: PlacePath, duties: Set<Duty>, giver: AccountID? = nil
  ) {
    self.giver = giver
    self.role = role
    self.place = place
    self.path = path
    self.duties = duties
  }
}

/// An office that somebody holds and whose shift has ended: nothing is done by it until the next.
package struct RestingOffice {
  package let path: PlacePath
  package let duties: Set<Duty>
  /// Which shift ended when, and who can extend it. Looked up when it is said: every command and question
  /// asks who may, and hardly any is refused.
  package let words: () -> Words

  package init(path: PlacePath, duties: Set<Duty>, words: @escaping () -> Words) {
    self.path = path
    self.duties = duties
    self.words = words
  }
}

/// What a sender may do at this moment, and where; for as long as the transaction that found it.
package struct Authority {
  package let sender: Sender
  package let offices: [HeldOffice]
  /// Offices between two shifts.
  package let resting: [RestingOffice]

  package init(sender: Sender, offices: [HeldOffice], resting: [RestingOffice] = []) {
    self.sender = sender
    self.offices = offices
    self.resting = resting
  }

  /// The same without what colleagues delegated: what somebody gives for good must be theirs.
  package var own: Authority {
    Authority(sender: sender, offices: offices.filter { $0.giver == nil }, resting: resting)
  }

  /// Whether an office that rests between two shifts carries a duty; another may carry it elsewhere.
  func isResting(_ duty: Duty) -> Bool { resting.contains { $0.duties.contains(duty) } }

  /// Why a duty is not held, or not at a path: a shift that ended says so itself.
  package func refusal(_ duty: Duty, at path: PlacePath? = nil) -> Refusal {
    let ended = resting.first { office in
      office.duties.contains(duty) && (path.map { office.path.holds($0) } ?? true)
    }
    if let ended { return Refusal(.forbidden, Refusal.shiftEnded, ended.words()) }
    if path != nil { return .outsideArea(duty) }
    return Refusal(
      .forbidden, Refusal.dutyNotHeld,
      Words(
        "您的岗位没有“\(duty.words.chinese)”职责，请联系管理员",
        "Your office does not carry the duty “\(duty.words.english)”; ask an administrator"))
  }

  /// Whether a duty may be carried out at a path.
  package func may(_ duty: Duty, at path: PlacePath) -> Bool {
    if sender == .clock || duty == .anyone { return true }
    if duty.isOfNoOffice { return false }
    return offices.contains { $0.path.holds(path) && $0.duties.contains(duty) }
  }

  /// Whether a duty is held anywhere at all.
  package func holds(_ duty: Duty) -> Bool {
    switch sender {
    case .clock: true
    case .nobody: duty == .anyone
    case .resident: duty == .anyone || duty == .ownFile
    case .account:
      duty == .anyone || duty == .ownAccount
        || !duty.isOfNoOffice && offices.contains { $0.duties.contains(duty) }
    }
  }

  /// Checks that a duty is held anywhere.
  package func require(_ duty: Duty) throws(Refusal) {
    if holds(duty) { return }
    if sender == .nobody { throw .notSignedIn }
    throw refusal(duty)
  }

  /// The account that sends this; whoever has none is asked to sign in.
  package func account() throws(Refusal) -> AccountID {
    guard case .account(let account) = sender else { throw .notSignedIn }
    return account
  }

  /// The areas in which a duty is held.
  package func areas(for duty: Duty) -> [PlacePath] {
    if sender == .clock { return [.everywhere] }
    return duty.isOfNoOffice ? [] : offices.filter { $0.duties.contains(duty) }.map(\.path)
  }

  /// The areas in which a duty is held, without those inside others: what is looked for in each of
  /// them is found once.
  package func widestAreas(for duty: Duty) -> [PlacePath] {
    let all = Set(areas(for: duty))
    return all.filter { area in !all.contains { $0 != area && $0.holds(area) } }.sorted()
  }
}

/// Work that comes in after it was done.
package struct LateWork: Sendable {
  package let sender: Sender
  /// By the clock of the device on which it was done.
  package let doneAt: Instant
  package let now: Instant
}

/// What the registry answers for the kernel: who is who, and what lies where.
package struct Jurisdiction: Sendable {
  /// The offices that a sender holds now. Throws a refusal when there is no such account.
  package let authority:
    @Sendable (Sender, any Transaction, Instant, PolicyLibrary) throws -> Authority
  /// The path of a place, nil when there is none.
  package let path: @Sendable (PlaceID, any Transaction) throws -> PlacePath?
  /// The seat of a role at the nearest place of a level at or above a place.
  package let seat: @Sendable (ObligationPolicy.SeatRule, PlaceID, any Transaction) throws -> Seat
  /// What a sender might do when some work was done, if the shift of then has ended since and what was
  /// done in it is still taken; nil otherwise.
  let lateAuthority: @Sendable (LateWork, any Transaction, PolicyLibrary) throws -> Authority?

  package init(
    authority:
      @escaping @Sendable (Sender, any Transaction, Instant, PolicyLibrary) throws -> Authority,
    path: @escaping @Sendable (PlaceID, any Transaction) throws -> PlacePath?,
    seat:
      @escaping @Sendable (ObligationPolicy.SeatRule, PlaceID, any Transaction) throws -> Seat,
    lateAuthority:
      @escaping @Sendable (LateWork, any Transaction, PolicyLibrary) throws -> Authority? = {
        _, _, _ in nil
      }
  ) {
    self.lateAuthority = lateAuthority
    self.authority = authority
    self.path = path
    self.seat = seat
  }

  /// Checks that a duty is held over an area.
  func require(
    _ duty: Duty, over area: Area, of authority: Authority, in transaction: any Transaction
  ) throws {
    switch area {
    case .own, .eachChecked:
      return
    case .everywhere:
      guard authority.may(duty, at: .everywhere) else {
        throw authority.refusal(duty, at: .everywhere)
      }
    case .path(let path):
      guard authority.may(duty, at: path) else { throw authority.refusal(duty, at: path) }
    case .place(let place):
      guard let path = try path(place, transaction) else {
        throw Refusal.notFound(Words("地点", "place"), place.text, field: "place")
      }
      guard authority.may(duty, at: path) else { throw authority.refusal(duty, at: path) }
    }
  }
}

extension Refusal {
  fileprivate static let shiftEnded = "shift.ended"
  fileprivate static let dutyNotHeld = "duty.notHeld"
  fileprivate static let dutyOutsideArea = "duty.outsideArea"

  /// Whether it says that a duty is not held, or not there, or not now.
  var isOfAuthority: Bool {
    [Self.shiftEnded, Self.dutyNotHeld, Self.dutyOutsideArea].contains(code)
  }

  /// It takes an account.
  package static let notSignedIn = Refusal(
    .unknownSender, "sender.unknown", Words("请先登录", "Sign in first"))

  /// The duty is held, but not there.
  package static func outsideArea(_ duty: Duty) -> Refusal {
    Refusal(
      .forbidden, dutyOutsideArea,
      Words(
        "您的岗位不负责这个范围（\(duty.words.chinese)），请联系当地岗位或上级",
        "Your office does not cover this area (\(duty.words.english)); ask the office there or the one above"
      ))
  }
}
