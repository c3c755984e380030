import Kernel

extension Look {
  /// A notice; refusals and results speak up to a screen reader.
  package func notice(_ title: String, _ text: String = "", tone: Tone, extra: HTML? = nil) -> HTML
  {
    let role: HTML =
      switch tone {
      case .late: " role=\"alert\""
      case .done: " role=\"status\""
      case .soon, .today, .information, .neutral, .brand: ""
      }
    let more: HTML? = text.isEmpty ? nil : "<p>\(text)</p>"
    return """
      <div class="notice \(tone.rawValue)"\(role)><strong>\(title)</strong>\(more)\(extra)</div>
      """
  }

  /// What was refused and what to do, at the head of the page whose form it was.
  package func refused(_ refusal: Refusal?) -> HTML? {
    refusal.map { notice(self("没有办成", "Not done"), self($0.words), tone: .late) }
  }

  /// A part that may not be shown to this office, instead of the part.
  package func refusedPart(_ refusal: Refusal) -> HTML {
    notice(self("这里您看不到", "Not shown to you"), self(refusal.words), tone: .soon)
  }

  /// Nothing here; good news says so.
  package func empty(_ title: String, _ text: String = "", isGood: Bool = false) -> HTML {
    let good: HTML = isGood ? " done" : ""
    return "<div class=\"empty\(good)\"><strong>\(title)</strong>\(text)</div>"
  }

  /// A place held free while something is read.
  package var skeleton: HTML {
    """
    <div class="skeleton" role="status" aria-busy="true" aria-label="\(self("正在读取", "Loading"))">\
    <i></i><i></i><i></i></div>
    """
  }

  /// What is stored on the phone and not yet sent.
  package func offline(waiting: Int) -> HTML {
    notice(
      self("离线 · 待传 \(waiting)", "offline · \(waiting) to send"),
      self("已存在手机上，连上网会自动发出。", "Stored on this phone; it is sent when there is a network."),
      tone: .soon)
  }

  /// A page whose data may be old.
  package func stale(since: Instant) -> HTML {
    notice(
      self("数字停在 \(nearMoment(since))", "These figures stopped \(nearMoment(since))"),
      self("连接恢复后会更新。", "They move again when the connection is back."), tone: .soon)
  }
}
