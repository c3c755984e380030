import Kernel

/// Judgement about shifts.
enum ShiftsRules {
  /// Whether an office is held at a moment by a span that has begun, or for a short while after it.
  ///
  /// - Parameter span: the shift that began last, nil when none has begun; or a delegation.
  static func isOn(_ span: HeldSpan?, at now: Instant, policy: ShiftsPolicy) -> Bool {
    span.map { now < handedOver($0, policy) } ?? false
  }

  /// The moment after which a span must have ended that still lets something be done by it, now or late.
  static func heldSince(_ now: Instant, policy: ShiftsPolicy) -> Instant {
    now - max(.minutes(policy.graceMinutes), .hours(policy.takeHours))
  }

  /// Until when an office is held by a span: with some minutes for handing over, unless it was cut short.
  private static func handedOver(_ span: HeldSpan, _ policy: ShiftsPolicy) -> Instant {
    span.isCutShort ? span.ends : span.ends + .minutes(policy.graceMinutes)
  }

  /// Whether work that was done at a moment, by the clock of a device without network, is still taken.
  ///
  /// A device's clock is not trusted beyond this: what it says must lie inside the span, and the span
  /// must have ended a short while ago.
  static func isTaken(
    doneAt: Instant, now: Instant, in span: HeldSpan?, policy: ShiftsPolicy
  ) -> Bool {
    guard let span else { return false }
    return span.begins <= doneAt && doneAt < handedOver(span, policy) && doneAt <= now
      && now < span.ends + .hours(policy.takeHours)
  }

  /// Whether a shift runs, or ended so short a while ago that what was done in it is still taken.
  static func isExtendable(_ shift: Shift, at now: Instant, policy: ShiftsPolicy) -> Bool {
    shift.begins <= now && shift.begins < shift.ends && now < shift.ends + .hours(policy.takeHours)
  }

  /// Refuses a span that is no shift.
  ///
  /// - Parameter field: what was filled in for its end.
  static func check(
    begins: Instant, ends: Instant, policy: ShiftsPolicy, field: String = "ends"
  ) throws(Refusal) {
    guard begins < ends else {
      throw Refusal(
        .invalid, "shift.span",
        Words("班次的结束须在开始之后", "A shift ends after it begins"), field: field)
    }
    guard ends - begins <= .hours(policy.longestHours) else {
      throw Refusal(
        .invalid, "shift.long",
        Words(
          "班次最长 \(policy.longestHours) 小时，请分成几班",
          "A shift has at most \(policy.longestHours) hours; plan several"), field: field)
    }
  }

  /// What somebody reads whose shift has ended.
  ///
  /// - Parameter giver: whose shift it was, of an office that was handed over; nil for one's own.
  static func ended(
    _ office: Words, of giver: String?, after shift: HeldSpan?, grace: Int,
    askedFrom titles: [String], zone: Zone
  ) -> Words {
    let chinese = titles.isEmpty ? "管理员" : titles.joined(separator: "、")
    let english = titles.isEmpty ? "an administrator" : titles.joined(separator: ", ")
    guard let shift else {
      return Words(
        "“\(office.chinese)”按班次上岗，\(giver ?? "您")的班次还没有开始；需要提前上岗，请\(chinese)排班",
        "“\(office.english)” is held by shifts and \(giver.map { "that of \($0)" } ?? "yours") has not begun; \(english) can plan one"
      )
    }
    let moment = spoken(shift.ends, zone)
    let handing =
      shift.isCutShort
      ? Words("", "") : Words("（另有 \(grace) 分钟交接）", ", with \(grace) minutes to hand over")
    return Words(
      "\(giver ?? "您")的“\(office.chinese)”班次已于 \(moment) 结束\(handing.chinese)，现在不能办理；需要继续，请\(chinese)延长。"
        + "班上离线做的内容仍会收下",
      "\(giver.map { "The shift of \($0)" } ?? "Your shift") as “\(office.english)” ended at \(moment)\(handing.english); nothing is done by it now. \(english) can extend it. What you did offline during the shift is still taken"
    )
  }

  /// What somebody reads whose delegation is over.
  static func delegationEnded(
    _ office: Words, at end: Instant, from giver: String, zone: Zone
  ) -> Words {
    let moment = spoken(end, zone)
    return Words(
      "您代理\(giver)的“\(office.chinese)”已于 \(moment) 结束；需要继续，请\(giver)再次交给您代理",
      "Your delegation as “\(office.english)” for \(giver) ended at \(moment); \(giver) can delegate it again"
    )
  }

  /// A moment to the minute, as it is read in a sentence.
  private static func spoken(_ moment: Instant, _ zone: Zone) -> String {
    String(moment.text(in: zone).prefix(16)).replacing("T", with: " ")
  }
}
