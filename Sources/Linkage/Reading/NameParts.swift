/// A whole name cut into surname and given name.
enum NameParts {
  /// Surnames of two characters.
  private static let compound: Set<[UInt16]> = Set(
    """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 宇文 长孙 轩辕 端木 南宫 独孤 呼延 \
    西门 东郭 百里 闻人 钟离 申屠 太史 澹台 淳于 单于 公羊 赫连 万俟 濮阳 宗政 拓跋 完颜 纳兰 左丘 东门
    """.split(separator: " ").map { Array($0.utf16) })

  /// Cuts a folded name; either part may be empty.
  static func cut(_ name: [UInt16]) -> (surname: [UInt16], given: [UInt16]) {
    if let dot = name.firstIndex(of: TextFolding.middleDot), dot > 0 {
      return (letters(name[(dot + 1)...]), letters(name[..<dot]))
    }
    if let comma = name.firstIndex(of: TextFolding.comma), comma > 0 {
      return (letters(name[..<comma]), letters(name[(comma + 1)...]))
    }
    if let first = name.first, TextFolding.isHan(first) {
      let length = name.count > 2 && compound.contains(Array(name.prefix(2))) ? 2 : 1
      return (Array(name.prefix(length)), Array(name.dropFirst(length)))
    }
    guard let gap = name.lastIndex(of: TextFolding.blank) else { return ([], name) }
    return (letters(name[(gap + 1)...]), letters(name[..<gap]))
  }

  /// A part without marks at its ends or inside.
  static func letters(_ part: ArraySlice<UInt16>) -> [UInt16] {
    var letters: [UInt16] = []
    for unit in part where unit != TextFolding.comma && unit != TextFolding.middleDot {
      if unit == TextFolding.blank, letters.isEmpty { continue }
      letters.append(unit)
    }
    if letters.last == TextFolding.blank { letters.removeLast() }
    return letters
  }
}
