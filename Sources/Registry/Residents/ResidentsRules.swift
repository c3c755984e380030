import Kernel

/// How a form about a person is read, and what a complete file has.
package enum ResidentsRules {
  /// What a form is judged by.
  package struct Ground: Sendable {
    package let policy: RegistryPolicy
    package let areas: AreaCodes
    package let today: Day
  }

  /// The most characters of a name or a place of work.
  private static let longestText = 80

  /// What a form says. Nothing written in it is ever quoted in a refusal: columns get swapped, and
  /// a cell may hold a number that belongs elsewhere.
  package static func details(
    _ form: PersonForm, on ground: Ground
  ) throws(Refusal) -> PersonDetails {
    var details = PersonDetails()
    details.name = try form.name.map { text throws(Refusal) in try plain(text, field: "name") }
    details.sex = try form.sex.map(sex)
    details.birthDay = try form.birthDate.map { text throws(Refusal) in
      try birthDay(text, on: ground)
    }
    details.document = try document(form, on: ground)
    if case .residentID(let number) = details.document {
      try agree(&details, with: number)
    }
    details.phone = try form.phone.map(phone)
    details.registeredCode = try form.registeredCode.map(registeredCode)
    details.workPlace = try form.workPlace.map { text throws(Refusal) in
      try plain(text, field: "work_place")
    }
    details.tags = try form.tags.map { text throws(Refusal) in
      try tags(text, of: ground.policy)
    }
    return details
  }

  /// What a file lacks before it is complete.
  package static func missing(in resident: Resident, homeLevel: PlaceLevel) -> [MissingDetail] {
    var missing: [MissingDetail] = []
    if resident.name == nil { missing.append(.name) }
    if resident.sex == nil { missing.append(.sex) }
    if resident.birthDay == nil { missing.append(.birthDate) }
    // A newborn's certificate is replaced by the number that the child gets with its registration.
    switch resident.identityKind {
    case nil, .some(.none), .birthCertificate: missing.append(.identity)
    case .residentID, .passport, .hongKongMacauPermit, .taiwanPermit: break
    }
    if homeLevel != .household { missing.append(.door) }
    return missing
  }

  /// A text of people's own wording, without numbers that belong into locked columns.
  package static func plain(_ text: String, field: String) throws(Refusal) -> String {
    guard !text.unicodeScalars.contains(where: \.isControl) else {
      throw Refusal(
        .invalid, "text.malformed",
        Words("“\(field)”含有控制字符，请更正", "“\(field)” holds control characters; correct it"),
        field: field)
    }
    try written(field).check(text)
    return text
  }

  /// An identifier from a file: it travels into facts and logs, so it must not be a person's number.
  package static func identifier<Tag>(_ id: ID<Tag>, field: String) throws(Refusal) -> ID<Tag> {
    guard !PersonalNumbers.isIn(id.text) else { throw written(field).personalNumber }
    return id
  }

  private static func written(_ field: String) -> WrittenWords {
    WrittenWords(
      field, Words("“\(field)”", "“\(field)”"), longest: longestText, tooLong: "text.malformed",
      remedy: Words("请移到相应的列", "move it to its own column"))
  }

  private static func sex(_ written: String) throws(Refusal) -> Sex {
    switch written.lowercased() {
    case "male", "m", "男", "男性": return .male
    case "female", "f", "女", "女性": return .female
    default:
      throw unreadable("sex", Words("male 或 female（男、女）", "male or female (男, 女)"))
    }
  }

  private static func birthDay(_ written: String, on ground: Ground) throws(Refusal) -> Day {
    guard let day = Day(written) else {
      throw unreadable("birth_date", Words("日期，如 1988-05-06", "a day such as 1988-05-06"))
    }
    guard day <= ground.today, day.parts.year >= ground.policy.earliestBirthYear else {
      throw Refusal(
        .invalid, "birth.implausible",
        Words(
          "出生日期晚于今天或过早，请核对", "The date of birth lies after today or too far back; check it"),
        field: "birth_date")
    }
    return day
  }

  private static func document(
    _ form: PersonForm, on ground: Ground
  ) throws(Refusal) -> IdentityDocument? {
    guard let written = form.identityKind else {
      // A column of numbers without one of kinds holds resident identity numbers.
      guard let number = form.identityNumber else { return nil }
      return try IdentityDocument(
        .residentID, number: number, areas: ground.areas, asOf: ground.today)
    }
    guard let kind = kind(written) else {
      let codes = IdentityKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw unreadable("identity_kind", Words("证件种类：\(codes)", "a kind of document: \(codes)"))
    }
    return try IdentityDocument(
      kind, number: form.identityNumber, areas: ground.areas, asOf: ground.today)
  }

  private static func kind(_ written: String) -> IdentityKind? {
    switch written {
    case "身份证": .residentID
    case "港澳通行证", "港澳居住证": .hongKongMacauPermit
    case "台湾通行证", "台湾居住证", "台胞证": .taiwanPermit
    case "出生证明": .birthCertificate
    case "无": IdentityKind.none
    default:
      IdentityKind(rawValue: written.lowercased())
        ?? IdentityKind.allCases.first { $0.words.chinese == written }
    }
  }

  /// The number says day of birth and sex; what is written must be the same.
  private static func agree(
    _ details: inout PersonDetails, with number: IdentityNumber
  ) throws(Refusal) {
    guard details.birthDay == nil || details.birthDay == number.birthDay else {
      throw birthDiffers
    }
    guard details.sex == nil || details.sex == number.sex else { throw sexDiffers }
    details.birthDay = number.birthDay
    details.sex = number.sex
  }

  /// A file with an identity number keeps the day of birth and the sex that the number says, unless
  /// another number comes with them.
  static func requireAgreement(
    _ details: PersonDetails, with resident: Resident
  ) throws(Refusal) {
    guard resident.identityKind == .residentID, details.document?.revealed == nil else { return }
    if let birthDay = details.birthDay, birthDay != resident.birthDay { throw birthDiffers }
    if let sex = details.sex, sex != resident.sex { throw sexDiffers }
  }

  private static let birthDiffers = Refusal(
    .invalid, "identity.birthDiffers",
    Words(
      "出生日期与身份证号不一致，请对照证件核对",
      "The date of birth is not that of the identity number; compare it with the document"),
    field: "birth_date")
  private static let sexDiffers = Refusal(
    .invalid, "identity.sexDiffers",
    Words(
      "性别与身份证号不一致，请对照证件核对",
      "The sex is not that of the identity number; compare it with the document"),
    field: "sex")

  /// A telephone number in digits: mobile and fixed lines of China, others with their country code.
  package static func phone(_ written: String) throws(Refusal) -> String {
    var digits = written
    if !digits.utf8.allSatisfy(IdentityCheck.isDigit) {
      digits.unicodeScalars.removeAll { " -—－()（）\u{3000}".unicodeScalars.contains($0) }
    }
    for prefix in ["+86", "0086"] where digits.hasPrefix(prefix) {
      digits.removeFirst(prefix.count)
    }
    let rest = digits.hasPrefix("+") ? digits.dropFirst() : digits[...]
    // ITU-T E.164: at most 15 digits; the shortest subscriber numbers of China have 7.
    guard (7...15).contains(rest.utf8.count), rest.utf8.allSatisfy(IdentityCheck.isDigit) else {
      throw unreadable(
        "phone", Words("7 至 15 位数字的电话号码", "a telephone number of 7 to 15 digits"))
    }
    return digits
  }

  private static func registeredCode(_ written: String) throws(Refusal) -> String {
    guard [4, 6, 9, 12].contains(written.utf8.count),
      written.utf8.allSatisfy(IdentityCheck.isDigit)
    else {
      throw unreadable(
        "registered_code",
        Words("4、6、9 或 12 位区划代码", "a division's code of 4, 6, 9 or 12 digits"))
    }
    return written
  }

  private static func tags(_ written: String, of policy: RegistryPolicy) throws(Refusal) -> [String]
  {
    let separators: Set<Character> = ["|", "、", ";", "；", ",", "，"]
    var tags: Set<String> = []
    for part in written.split(whereSeparator: separators.contains) {
      let text = String(part).trimmingWhitespace()
      if text.isEmpty { continue }
      let known = policy.tags.first {
        $0.code == text.lowercased() || $0.title.chinese == text
          || $0.title.english.lowercased() == text.lowercased()
      }
      guard let known else {
        let codes = policy.tags.map(\.code).joined(separator: ", ")
        let words = policy.tags.map(\.title.chinese).joined(separator: "、")
        throw unreadable("tags", Words("特殊需求：\(words)", "special needs from the list: \(codes)"))
      }
      tags.insert(known.code)
    }
    return tags.sorted()
  }

  /// Like ``Refusal/malformed(_:_:expected:)``, but silent about what was written.
  private static func unreadable(_ field: String, _ expected: Words) -> Refusal {
    Refusal(
      .invalid, "field.malformed",
      Words(
        "“\(field)”无法识别，应为\(expected.chinese)",
        "“\(field)” cannot be read; it should be \(expected.english)"),
      field: field)
  }
}
