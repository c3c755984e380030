/// Figures in the text form that Prometheus reads (version 0.0.4).
struct PrometheusText {
  private(set) var text = ""

  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  /// Begins a figure: what it is called, and what it says.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Adds a value, with labels that hold nothing about anybody.
  mutating func add(_ name: String, _ labels: [(String, String)], _ value: String) {
    let inner = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
    text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(inner)} \(value)\n"
  }

  /// A figure of one value.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: String) {
    begin(name, kind, help)
    add(name, [], value)
  }

  /// How many fell into each class of time, in seconds.
  mutating func add(_ name: String, _ help: String, _ times: TimeClasses) {
    begin(name, .histogram, help)
    var sum = 0
    for (bound, count) in zip(TimeClasses.bounds, times.counts) {
      sum += count
      add("\(name)_bucket", [("le", String(bound))], String(sum))
    }
    add("\(name)_bucket", [("le", "+Inf")], String(times.count))
    add("\(name)_sum", [], String(times.seconds))
    add("\(name)_count", [], String(times.count))
  }
}

/// Times sorted into classes, so that a share of slow ones can be told without keeping any.
struct TimeClasses: Sendable {
  /// The upper bounds in seconds: 0.3 is what a command may take at the most under load (P1).
  static let bounds = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10]

  private(set) var counts = [Int](repeating: 0, count: bounds.count)
  private(set) var count = 0
  private(set) var seconds = 0.0

  mutating func add(_ time: Double) {
    count += 1
    seconds += time
    if let place = Self.bounds.firstIndex(where: { time <= $0 }) { counts[place] += 1 }
  }
}
