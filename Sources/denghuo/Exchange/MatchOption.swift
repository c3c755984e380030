import Linkage

/// What `--match` says: which column of the files says what of a person.
struct MatchOption {
  /// The parts of a person in the order of the words, with their headers.
  let columns: [MatchColumn]
  let headers: [String]

  /// Reads words such as `given_name=Vorname`.
  ///
  /// - Throws: wrong use that names what can be matched.
  init(_ words: [String]) throws {
    var columns: [MatchColumn] = []
    var headers: [String] = []
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw WrongUse(
          "--match 的“\(word)”应写成 名称=列名，如 name=姓名",
          "--match “\(word)” must be written NAME=COLUMN, as in name=full_name")
      }
      guard let column = MatchColumn(rawValue: String(parts[0])) else {
        let known = MatchColumn.allCases.map(\.rawValue).joined(separator: ", ")
        throw WrongUse(
          "--match 不认识“\(parts[0])”，可用：\(known)",
          "--match does not know “\(parts[0])”; use \(known)")
      }
      let header = String(parts[1])
      if columns.contains(column) {
        throw WrongUse(
          "--match 里“\(column.rawValue)”出现两次，请只留一次",
          "--match has “\(column.rawValue)” twice; leave one")
      }
      if headers.contains(header) {
        throw WrongUse(
          "--match 里列“\(header)”用了两次，请只用一次",
          "--match uses the column “\(header)” twice; use it once")
      }
      columns.append(column)
      headers.append(header)
    }
    guard !columns.isEmpty, columns != [.sex] else {
      throw WrongUse(
        "只凭性别找不出重复人员，请再给出姓名、出生日期、证件号码等列",
        "Sex alone finds no duplicates; give the columns of names, births or numbers too")
    }
    self.columns = columns
    self.headers = headers
  }
}
