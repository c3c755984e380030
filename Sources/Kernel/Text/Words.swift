/// The languages that the product speaks.
package enum Language: String, Codable, CaseIterable, Sendable {
  case chinese = "zh-Hans"
  case english = "en"
}

/// One sentence or label in every language, so that no translation can be missing.
package struct Words: Hashable, Codable, Sendable {
  package let chinese: String
  package let english: String

  package init(_ chinese: String, _ english: String) {
    self.chinese = chinese
    self.english = english
  }

  /// The words in one language.
  package func callAsFunction(_ language: Language) -> String {
    switch language {
    case .chinese: chinese
    case .english: english
    }
  }

  private enum CodingKeys: String, CodingKey {
    case chinese = "zh"
    case english = "en"
  }
}
