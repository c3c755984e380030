import Kernel

/// Numbers, days, times and durations as people read them.
extension Look {
  /// `30,212`, in both languages.
  package func number(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return count < 0 ? "−" + text : text
  }

  /// A part of a whole with one decimal, `86.4%`; a dash when the whole is nothing.
  ///
  /// What is not whole never shows as 100 %: the missing part is work.
  package func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    var tenths = (part * 1_000 + whole / 2) / whole
    if part < whole { tenths = min(tenths, 999) }
    return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
  }

  /// `11月18日`, `18 Nov`; with the year when it is not the present one.
  package func day(_ day: Day) -> String {
    let (year, month, number) = day.parts
    let isThisYear = year == today.parts.year
    switch language {
    case .chinese: return (isThisYear ? "" : "\(year)年") + "\(month)月\(number)日"
    case .english: return "\(number) \(Self.months[month - 1])" + (isThisYear ? "" : " \(year)")
    }
  }

  /// `今天`, `昨天`, `明天`, or the day.
  package func nearDay(_ day: Day) -> String {
    switch day - today {
    case 0: self("今天", "today")
    case -1: self("昨天", "yesterday")
    case 1: self("明天", "tomorrow")
    default: self.day(day)
    }
  }

  /// `14:32`.
  package func time(_ instant: Instant) -> String { instant.clock(in: zone).time }

  /// `11月9日 14:32`, `9 Nov 14:32`.
  package func moment(_ instant: Instant) -> String {
    let clock = instant.clock(in: zone)
    return "\(day(clock.day)) \(clock.time)"
  }

  /// `今天 09:12`, `yesterday 16:20`, or the day and the time.
  package func nearMoment(_ instant: Instant) -> String {
    let clock = instant.clock(in: zone)
    return "\(nearDay(clock.day)) \(clock.time)"
  }

  /// The end of a span: midnight belongs to the day that ends, `11月18日 24:00`.
  package func end(_ instant: Instant) -> String { "\(day(endDay(instant))) \(endTime(instant))" }

  /// The time of an end on its day, `18:00`, `24:00`.
  package func endTime(_ instant: Instant) -> String {
    instant == Day(of: instant, in: zone).start(in: zone) ? "24:00" : time(instant)
  }

  private func endDay(_ instant: Instant) -> Day {
    let day = Day(of: instant, in: zone)
    return instant == day.start(in: zone) ? day - 1 : day
  }

  /// `1 小时 20 分`, `1 h 20 min`; from a day on `2 天 3 小时`, `2 d 3 h`. Cut to the minute.
  package func duration(_ span: Duration) -> String {
    let minutes = max(0, Int(span.inSeconds) / 60)
    let hours = minutes / 60
    if hours >= 24 {
      let rest = hours % 24
      let days = self("\(hours / 24) 天", "\(hours / 24) d")
      return rest == 0 ? days : days + self(" \(rest) 小时", " \(rest) h")
    }
    if hours > 0 {
      let whole = self("\(hours) 小时", "\(hours) h")
      return minutes % 60 == 0 ? whole : whole + self(" \(minutes % 60) 分", " \(minutes % 60) min")
    }
    return self("\(minutes) 分", "\(minutes) min")
  }

  /// How many of something: `3 人`, `1 person`, `3 people`.
  package func count(
    _ count: Int, _ chinese: String, _ singular: String, _ plural: String
  ) -> String {
    let word = count == 1 ? singular : plural
    return self("\(number(count)) \(chinese)", "\(number(count)) \(word)")
  }

  /// `↑6`, `↓4`, `=`: how a number stands to its neighbour.
  package func change(from before: Int, to now: Int) -> String {
    if now == before { return self("持平", "same") }
    return (now > before ? "↑" : "↓") + number(abs(now - before))
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

/// The words of a deadline.
extension Look {
  /// What a chip says, and how it looks.
  package struct Label: Hashable, Sendable {
    package let text: String
    package let tone: Tone

    package init(_ text: String, _ tone: Tone) {
      self.text = text
      self.tone = tone
    }
  }

  /// From so much time left on, a deadline is no longer "soon"; until so much it is counted down.
  private static let soon = Duration.hours(1)
  private static let countedDown = Duration.hours(6)

  /// What a deadline says at this moment: `超 42 分`, `剩 25 分`, `今天 18:00`, `明天 08:00`.
  ///
  /// Late time is rounded up and time left is rounded down: neither sounds better than it is.
  package func deadline(_ deadline: Instant) -> Label {
    let left = deadline - now
    if left < .zero {
      let late = lateness(of: now - deadline)
      return Label(self("超 \(late)", "\(late) late"), .late)
    }
    if left < .minutes(1) { return Label(self("现在到期", "due now"), .soon) }
    if left < Self.countedDown {
      let text = duration(left < Self.soon ? left : .hours(Int(left.inSeconds) / 3_600))
      return Label(self("剩 \(text)", "\(text) left"), left < Self.soon ? .soon : .today)
    }
    let isToday = deadline <= today.end(in: zone)
    if isToday && deadline == today.end(in: zone) { return Label(self("今天", "today"), .today) }
    return Label(nearEnd(deadline), isToday ? .today : .neutral)
  }

  /// How late something is, rounded up to a minute and after an hour and a half to an hour.
  private func lateness(of span: Duration) -> String {
    let minutes = (span.inMilliseconds + 59_999) / 60_000
    let unit: Int64 = minutes <= 90 ? 1 : 60
    return duration(.seconds((minutes + unit - 1) / unit * unit * 60))
  }

  /// `今天 18:00`, `明天 24:00`: the end of a span, near days by their names.
  package func nearEnd(_ instant: Instant) -> String {
    "\(nearDay(endDay(instant))) \(endTime(instant))"
  }

  /// What is said of something that was closed: `13:52 已办`, in amber when it was late.
  package func closed(_ at: Instant, deadline: Instant, waived: Bool = false) -> Label {
    let day = Day(of: at, in: zone)
    let when = day == today ? time(at) : self.day(day)
    if waived { return Label(self("\(when) 已撤销", "waived \(when)"), .neutral) }
    if at > deadline { return Label(self("\(when) 补办", "late, done \(when)"), .soon) }
    return Label(self("\(when) 已办", "done \(when)"), .done)
  }
}
