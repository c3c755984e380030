extension Fields {
  /// Bytes that are equal exactly when name and values are, for the fingerprint of a command.
  func canonicalBytes(name: String) -> [UInt8] {
    var bytes = Array(name.utf8)
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(0)
    case .flag(let flag): bytes.append(contentsOf: [1, flag ? 1 : 0])
    case .integer(let number): Self.write(2, String(number), to: &bytes)
    case .real(let number): Self.write(3, String(number), to: &bytes)
    case .text(let text): Self.write(4, text, to: &bytes)
    case .list(let list):
      Self.write(5, String(list.count), to: &bytes)
      for value in list { value.write(to: &bytes) }
    case .object(let members):
      Self.write(6, String(members.count), to: &bytes)
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        Self.write(7, key, to: &bytes)
        value.write(to: &bytes)
      }
    }
  }

  private static func write(_ mark: UInt8, _ text: String, to bytes: inout [UInt8]) {
    bytes.append(mark)
    bytes.append(contentsOf: String(text.utf8.count).utf8)
    bytes.append(0)
    bytes.append(contentsOf: text.utf8)
  }
}
