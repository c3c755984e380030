/// The answer is no: what is wrong, in the person's language, and what to do next.
package struct Refusal: Error, Hashable, Sendable {
  /// What sort of no this is; each edge maps it to a status or an exit code.
  package enum Kind: String, Codable, Sendable {
    /// The request is malformed or breaks a rule: correct it and send it again.
    case invalid
    /// Nobody is signed in, or the sign-in has ended.
    case unknownSender
    /// The office does not hold the duty, or not there.
    case forbidden
    /// There is no such thing, or not for this office.
    case notFound
    /// What is there already stands against it.
    case conflict
    /// Too much at once: come back later.
    case overloaded
  }

  package let kind: Kind
  /// A stable code for programs, such as `case.unknownDistrict`.
  package let code: String
  package let words: Words
  /// The field of the command that is at fault.
  package let field: String?

  package init(_ kind: Kind, _ code: String, _ words: Words, field: String? = nil) {
    self.kind = kind
    self.code = code
    self.words = words
    self.field = field
  }

  /// A field that must be given and is not.
  package static func missing(_ field: String) -> Refusal {
    Refusal(
      .invalid, "field.missing", Words("缺少“\(field)”，请填写", "“\(field)” is missing; fill it in"),
      field: field)
  }

  /// A field whose value cannot be read. The value is quoted only when it is plainly a code, a
  /// number or a date: a name or a telephone that slipped into the wrong column must not stand in
  /// a message, nor in the receipt that keeps it.
  package static func malformed(_ field: String, _ value: String, expected: Words) -> Refusal {
    guard isPlainlyImpersonal(value) else {
      return Refusal(
        .invalid, "field.malformed",
        Words(
          "“\(field)”的内容无法识别，应为\(expected.chinese)",
          "“\(field)” cannot be read; it should be \(expected.english)"),
        field: field)
    }
    return Refusal(
      .invalid, "field.malformed",
      Words(
        "“\(field)”的内容“\(value)”无法识别，应为\(expected.chinese)",
        "“\(field)” is “\(value)”, which cannot be read; it should be \(expected.english)"),
      field: field)
  }

  /// Names begin with a capital or are Chinese; telephones and identity numbers have seven digits or
  /// more, which only a date may have too.
  private static func isPlainlyImpersonal(_ value: String) -> Bool {
    guard value.utf8.count <= 40, !value.contains(/[^a-z0-9_.:\/+\- TZ]/) else { return false }
    let digits = value.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    return digits < 7 && !value.contains(/[ TZ]/)
      || value.contains(/^\d{4}[\-\/]\d{1,2}[\-\/]\d{1,2}([T ][\d:.+\-Z]*)?$/)
  }

  /// A thing that is not there, or not for this office: the two are told apart for nobody.
  package static func notFound(_ what: Words, _ id: String, field: String? = nil) -> Refusal {
    Refusal(
      .notFound, "notFound",
      Words("找不到\(what.chinese)“\(id)”", "There is no \(what.english) “\(id)”"), field: field)
  }
}
