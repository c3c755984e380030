/// What kind of thing a fact is about, what people call it, and the page on which one of it opens.
/// Slices add their own.
package struct Matter: Hashable, Sendable {
  package let words: Words
  /// As its screen has it, `/cases/:case`; nil when nothing opens by such an identifier.
  package let page: String?
  /// The field of the page's address in which the identifier stands; nil when it stands in its path.
  package let query: String?
  /// The fact's field by which the page opens; nil when that is what the fact is about.
  package let field: String?

  package init(
    _ words: Words, page: String? = nil, query: String? = nil, field: String? = nil
  ) {
    self.words = words
    self.page = page
    self.query = query
    self.field = field
  }
}

/// What every slice knows of.
extension Matter {
  package static let person = Matter(Words("居民", "Resident"), page: "/residents/:person")
  package static let place = Matter(Words("地点", "Place"), page: "/places/:place")
  package static let infection = Matter(Words("病例", "Case"), page: "/cases/:case")
  package static let contact = Matter(Words("接触者", "Contact"), page: "/contacts/:contact")
  /// A restriction has no page but its person's.
  package static let restriction = Matter(
    Words("管控", "Restriction"), page: "/restrictions/of/:person", field: "person")
  package static let account = Matter(Words("账号", "Account"), page: "/offices/:account")
  package static let obligation = Matter(
    Words("事项", "Obligation"), page: "/obligations/:obligation")
  /// One command that was sent.
  package static let command = Matter(Words("一次操作", "Command sent"))
  /// A kind of command, by its name.
  package static let order = Matter(Words("操作", "Command"))
  /// One file that was taken in.
  package static let run = Matter(Words("一次导入", "Import"))
  package static let day = Matter(Words("日期", "Day"))
  /// All of the district: nothing in particular.
  package static let district = Matter(Words("全区", "The whole district"))
  /// One thing or another: only what happened says which.
  package static let thing = Matter(Words("对象", "Subject"))
}
