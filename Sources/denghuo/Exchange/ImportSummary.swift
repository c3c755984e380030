import Kernel

/// What became of the rows: `read = accepted + rejected + duplicate + leads`.
struct ImportSummary: Encodable {
  let kind: String
  var accepted = 0
  var rejected = 0
  var duplicate = 0
  var leads = 0
  var rejectedFile: String?

  init(kind: String) { self.kind = kind }

  /// The rows of which it is known what became of them.
  var read: Int { accepted + rejected + duplicate + leads }

  func sentence(_ language: Language, dryRun: Bool) -> String {
    let words = Words(
      """
      \(dryRun ? "试运行（未写入）：" : "")\(kind)：读取 \(read) 行 = 接受 \(accepted) + 拒绝 \(rejected) + 重复 \
      \(duplicate) + 线索 \(leads)\(rejectedFile.map { "；被拒绝的行在 \($0)，更正后可再次导入" } ?? "")
      """,
      """
      \(dryRun ? "rehearsal, nothing written: " : "")\(kind): \(read) rows read = \(accepted) accepted \
      + \(rejected) rejected + \(duplicate) duplicate + \(leads) leads\
      \(rejectedFile.map { "; rejected rows are in \($0): correct them and import that file" } ?? "")
      """)
    return words(language)
  }

  private enum CodingKeys: String, CodingKey {
    case kind
    case read
    case accepted
    case rejected
    case duplicate
    case leads
    case rejectedFile = "rejected_file"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(read, forKey: .read)
    try container.encode(accepted, forKey: .accepted)
    try container.encode(rejected, forKey: .rejected)
    try container.encode(duplicate, forKey: .duplicate)
    try container.encode(leads, forKey: .leads)
    try container.encode(rejectedFile, forKey: .rejectedFile)
  }
}
