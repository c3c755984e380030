import Kernel

/// The pieces that pages are made of, as `docs/DESIGN.md` describes them: functions from values to
/// markup, in one language, at one moment, in one zone.
package struct Look: Sendable {
  package let language: Language
  package let now: Instant
  package let zone: Zone

  package init(language: Language, now: Instant, zone: Zone) {
    self.language = language
    self.now = now
    self.zone = zone
  }

  /// As the reader of a page sees things.
  package init(_ reading: Reading) {
    self.init(language: reading.language, now: reading.now, zone: reading.zone)
  }

  /// Words in the reader's language.
  package func callAsFunction(_ chinese: String, _ english: String) -> String {
    language == .chinese ? chinese : english
  }

  /// Words in the reader's language.
  package func callAsFunction(_ words: Words) -> String { words(language) }

  package var today: Day { Day(of: now, in: zone) }
}

extension Look {
  /// What a colour says; a word or a shape beside it always says the same.
  package enum Tone: String, Sendable, CaseIterable {
    /// Late, refused, wrong.
    case late
    /// Due soon, offline, stale, unknown.
    case soon
    /// Under way, due today.
    case today
    /// Information.
    case information
    /// Done, negative, the usual button.
    case done
    /// None of these.
    case neutral
    /// The brand's own colour: what is meant by "now".
    case brand = "brand-tone"
  }
}
