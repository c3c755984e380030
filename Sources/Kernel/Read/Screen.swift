/// A page that a slice offers. It knows neither HTTP nor the frame around it.
package struct Screen: Sendable {
  /// `/cases/:case`; parts that begin with a colon are parameters.
  package let path: String
  package let title: Words
  /// What an office must be charged with to open it; nil when everybody may, signed in or not.
  package let duty: Duty?
  /// Why people's data is on it.
  package let purpose: Purpose
  /// Where it stands in the main navigation, nil when it is reached from other pages only.
  package let navigation: Int?
  /// The fields that name people: they are sent as a form and stand in no address, where logs and the
  /// browser's history would keep them.
  package let unseen: Set<String>
  package let render: @Sendable (ScreenRequest, Reading) throws -> Page

  package init(
    path: String, title: Words, duty: Duty?, purpose: Purpose, navigation: Int? = nil,
    unseen: Set<String> = [],
    render: @escaping @Sendable (ScreenRequest, Reading) throws -> Page
  ) {
    self.path = path
    self.title = title
    self.duty = duty
    self.purpose = purpose
    self.navigation = navigation
    self.unseen = unseen
    self.render = render
  }
}

/// What a page is asked with.
package struct ScreenRequest: Sendable {
  /// The parameters in the path, by name without the colon.
  package let parameters: [String: String]
  /// What stands behind the question mark, and the fields that stand sealed there.
  package let query: [String: String]
  /// The form that was refused, so that nothing typed is lost; empty otherwise.
  package let posted: [String: String]
  package let refusal: Refusal?
  /// The address of this page, for forms to come back to.
  package let address: String
  /// Under which this server is reached, such as `https://denghuo.example`: what is printed as a code
  /// opens from elsewhere. Empty where nobody asked through an address.
  package let origin: String
  /// Makes the identifier of a command that a form on the page will send.
  package let newCommandID: @Sendable () -> String

  package init(
    parameters: [String: String], query: [String: String], posted: [String: String] = [:],
    refusal: Refusal? = nil, address: String, origin: String = "",
    newCommandID: @escaping @Sendable () -> String
  ) {
    self.parameters = parameters
    self.query = query
    self.posted = posted
    self.refusal = refusal
    self.address = address
    self.origin = origin
    self.newCommandID = newCommandID
  }

  /// A parameter of the path; the router has checked that it is there.
  package func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// What a field of a form holds: what was typed before it was refused, or a value to start from.
  package func value(_ field: String, or start: String = "") -> String { posted[field] ?? start }

  /// What stands in the address under a name; nil when nothing does.
  package func asked(_ field: String) -> String? { query[field].flatMap { $0.isEmpty ? nil : $0 } }

  /// A day that stands in the address.
  ///
  /// - Throws: a refusal when something else stands there: another day would be shown for it.
  package func askedDay(_ field: String) throws(Refusal) -> Day? {
    try asked(field, as: Words("日期", "a day")) { Day($0) }
  }

  /// What stands in the address, read.
  ///
  /// - Throws: a refusal when it cannot be read.
  package func asked<Value>(
    _ field: String, as expected: Words, _ read: (String) -> Value?
  ) throws(Refusal) -> Value? {
    guard let written = asked(field) else { return nil }
    guard let value = read(written) else {
      throw .malformed(field, written, expected: expected)
    }
    return value
  }
}

/// A page without its frame.
package struct Page: Sendable {
  package let title: String
  package let body: HTML
  /// How wide a page is laid out.
  package enum Frame: Sendable {
    /// The console of an office: wide, with navigation.
    case console
    /// A phone in somebody's hand, for field workers.
    case field
    /// A resident's own page, without navigation.
    case resident
  }
  package let frame: Frame
  /// Whether it refreshes when something changes.
  package let isLive: Bool
  /// Further modules that it loads, such as `/pass.js`.
  package let scripts: [String]
  /// What is given instead of a page: a sheet to be printed.
  package let file: PageFile?

  package init(
    title: String, body: HTML, frame: Frame = .console, isLive: Bool = false, scripts: [String] = []
  ) {
    self.title = title
    self.body = body
    self.frame = frame
    self.isLive = isLive
    self.scripts = scripts
    file = nil
  }

  /// A file in the place of a page.
  package init(_ file: PageFile) {
    title = file.name
    body = HTML()
    frame = .console
    isLive = false
    scripts = []
    self.file = file
  }
}

/// A file that is made for whoever asks, and is kept nowhere.
package struct PageFile: Sendable {
  package let name: String
  /// Such as `application/pdf`.
  package let type: String
  package let bytes: [UInt8]

  package init(name: String, type: String, bytes: [UInt8]) {
    self.name = name
    self.type = type
    self.bytes = bytes
  }
}
