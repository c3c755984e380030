/// A table of public knowledge that decisions rest on and no district edits, such as the area codes
/// in identity numbers. It is part of the binary and read once.
package protocol ReferenceTable: Sendable {
  /// What the table holds, for the message when it is not there.
  static var title: Words { get }
}

extension Rulebook {
  /// The reference table of a type.
  ///
  /// - Throws: a refusal when this installation was put together without it.
  package func reference<Table: ReferenceTable>(
    _ type: Table.Type = Table.self
  ) throws(Refusal) -> Table {
    for case let table as Table in references { return table }
    throw Refusal(
      .conflict, "reference.none",
      Words(
        "程序缺少参考资料“\(type.title.chinese)”，请使用完整的程序",
        "The program lacks the reference table “\(type.title.english)”; use a complete one"))
  }
}
