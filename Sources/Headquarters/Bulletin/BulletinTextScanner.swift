/// Walks once through the running text and picks out its tokens.
struct BulletinTextScanner {
  private let text: [Unicode.Scalar]

  /// The largest case number that is taken for one.
  private static let digitsOfLargestNumber = 7
  /// How far before a number `新增` makes it a count: `新增本土新冠肺炎确诊病例96例`.
  private static let countReach = 14

  init(_ text: [Unicode.Scalar]) { self.text = text }

  func tokens() -> [BulletinToken] {
    var tokens: [BulletinToken] = []
    var at = 0
    while at < text.count {
      if let (token, next) = token(at: at) {
        if let token { tokens.append(token) }
        at = next
      } else {
        at += 1
      }
    }
    return tokens
  }

  /// The token that begins at a place, and where the text goes on behind it.
  private func token(at start: Int) -> (BulletinToken?, Int)? {
    for (phrase, token) in BulletinPhrases.sections {
      if let end = end(of: phrase, at: start) { return (token, end) }
    }
    for (phrase, kind) in BulletinPhrases.singles {
      if let end = end(of: phrase, at: start) { return single(kind, end) }
    }
    if let found = cases(at: start) { return found }
    if let end = end(of: BulletinPhrases.diagnosis, at: start) { return (.diagnosis, end) }
    for phrase in BulletinPhrases.residences {
      if let end = end(of: phrase, at: start) { return residence(end) }
    }
    for phrase in BulletinPhrases.earlier {
      if let end = end(of: phrase, at: start), let after = earlierReport(from: end) {
        return (.source(.converted), after)
      }
    }
    for (phrase, source) in BulletinPhrases.sources {
      if let end = end(of: phrase, at: start) { return (source.map(BulletinToken.source), end) }
    }
    return nil
  }

  /// `该病例，男，…` is the only one of its kind; in `该病例在本市的密切接触者` nothing is listed.
  private func single(_ kind: PublishedKind, _ end: Int) -> (BulletinToken?, Int) {
    let isListed = [",", "系", "为", "居住", "现住"].contains { self.end(of: $0, at: end) != nil }
    return (isListed ? .cases(BulletinCaseRun(kind: kind, ranges: [1...1])) : nil, end)
  }

  private func cases(at start: Int) -> (BulletinToken?, Int)? {
    guard let (kind, first) = label(at: start), var (number, at) = number(at: first) else {
      return nil
    }
    if isCount(from: start, to: at) || isDate(at) { return (nil, at) }
    var run = BulletinCaseRun(kind: kind)
    while true {
      if let (last, end) = rangeEnd(at: at) {
        if last < number {
          run.reversed.append([number, last])
        } else {
          run.ranges.append(number...last)
        }
        at = end
      } else {
        run.ranges.append(number...number)
      }
      guard let (next, end) = nextInList(at: at, kind) else { break }
      number = next
      at = end
    }
    if BulletinPhrases.mentions.contains(where: { end(of: $0, at: at) != nil }) { return (nil, at) }
    run.isSubject = BulletinPhrases.predicates.contains { end(of: $0, at: at) != nil }
    return (.cases(run), at)
  }

  /// The kind that a label names, and where its number begins.
  private func label(at start: Int) -> (PublishedKind, Int)? {
    for (phrase, kind) in BulletinPhrases.labels {
      if let end = end(of: phrase, at: start), end < text.count,
        BulletinTextNormalised.isDigit(text[end])
      {
        return (kind, end)
      }
    }
    return nil
  }

  /// A number of cases rather than the number of a case: `确诊病例96例`, `新增本土确诊病例1249和…`.
  private func isCount(from start: Int, to end: Int) -> Bool {
    if end < text.count, "例人名".unicodeScalars.contains(text[end]) { return true }
    for before in stride(from: start - 1, through: max(0, start - Self.countReach), by: -1) {
      if self.end(of: "新增", at: before) != nil { return true }
      if "。,;)例".unicodeScalars.contains(text[before]) { return false }
    }
    return false
  }

  /// The end of a title with the day of publication glued to it: `无症状感染者2022-04-30`.
  private func isDate(_ at: Int) -> Bool {
    guard at < text.count, text[at] == "-", let (_, month) = number(at: at + 1) else {
      return false
    }
    return month < text.count && text[month] == "-" && number(at: month + 1) != nil
  }

  /// `—病例18`, `-18`, `至无症状感染者20`.
  private func rangeEnd(at start: Int) -> (Int, Int)? {
    var at = start
    if let end = end(of: "至", at: at) ?? end(of: "到", at: at) {
      at = end
    } else {
      while at < text.count, text[at] == "-" { at += 1 }
    }
    guard at > start else { return nil }
    return number(at: label(at: at)?.1 ?? at)
  }

  /// `、病例7`, `和病例7`, `，病例7`, `、7`.
  private func nextInList(at start: Int, _ kind: PublishedKind) -> (Int, Int)? {
    for separator in ["以及", "、", "和", "及", "与", ","] {
      guard let end = end(of: separator, at: start) else { continue }
      if let (other, first) = label(at: end) {
        guard other == kind, let found = number(at: first), !isCount(from: end, to: found.1) else {
          return nil
        }
        return found
      }
      guard separator != ",", let found = number(at: end) else { return nil }
      return found.1 < text.count && "例岁人名年月日".unicodeScalars.contains(text[found.1])
        ? nil : found
    }
    return nil
  }

  private func number(at start: Int) -> (Int, Int)? {
    var value = 0
    var at = start
    while at < text.count, BulletinTextNormalised.isDigit(text[at]) {
      guard at - start < Self.digitsOfLargestNumber else { return nil }
      value = value * 10 + Int(text[at].value - 48)
      at += 1
    }
    return at > start ? (value, at) : nil
  }

  /// The district behind `居住于`: up to its 区, 县 or 市, without the city's own name.
  private func residence(_ start: Int) -> (BulletinToken?, Int)? {
    var at = start
    var behind = start - 1
    while behind != at {
      behind = at
      while at < text.count, ",:、于在为".unicodeScalars.contains(text[at]) { at += 1 }
      for city in ["上海市", "本市"] { at = end(of: city, at: at) ?? at }
    }
    let stops = ",.。;:()、 或信".unicodeScalars
    let name = text[at...].prefix { !stops.contains($0) }
    guard name.count > 1 else { return (nil, start) }
    let longest = name.prefix(10)
    let isEnd = { (scalar: Unicode.Scalar) in "区县市旗".unicodeScalars.contains(scalar) }
    let end = longest.dropFirst().firstIndex(where: isEnd) ?? longest.endIndex - 1
    var district = String.UnicodeScalarView()
    district.append(contentsOf: text[at...end])
    return (.residence(String(district)), end + 1)
  }

  /// `…报告的本土无症状感染者`, unless it is only the contact of one.
  private func earlierReport(from start: Int) -> Int? {
    let asymptomatic = "无症状感染者"
    for at in start..<min(text.count, start + BulletinPhrases.earlierReach) {
      if text[at] == "," || text[at] == "。" { return nil }
      guard let end = end(of: asymptomatic, at: at) else { continue }
      return BulletinPhrases.mentions.contains { self.end(of: $0, at: end) != nil } ? nil : end
    }
    return nil
  }

  /// Where a phrase that begins at a place ends; nil when something else stands there.
  private func end(of phrase: String, at start: Int) -> Int? {
    var at = start
    for scalar in phrase.unicodeScalars {
      guard at < text.count, text[at] == scalar else { return nil }
      at += 1
    }
    return at
  }
}
