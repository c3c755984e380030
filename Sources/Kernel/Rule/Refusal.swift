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

  /// A field whose value cannot be read.
  package static func malformed(_ field: String, _ value: String, expected: Words) -> Refusal {
    let shown = value.count > 40 ? value.prefix(40) + "…" : value[...]
    return Refusal(
      .invalid, "field.malformed",
      Words(
        "“\(field)”的内容“\(shown)”无法识别，应为\(expected.chinese)",
        "“\(field)” is “\(shown)”, which cannot be read; it should be \(expected.english)"),
      field: field)
  }

  /// A thing that is not there, or not for this office: the two are told apart for nobody.
  package static func notFound(_ what: Words, _ id: String, field: String? = nil) -> Refusal {
    Refusal(
      .notFound, "notFound",
      Words("找不到\(what.chinese)“\(id)”", "There is no \(what.english) “\(id)”"), field: field)
  }
}
