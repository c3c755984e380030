/// What an office may do, such as `cases.report`. Roles hold duties by policy.
package struct Duty: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  package let name: String

  package init(stringLiteral name: String) { self.name = name }
  package init(_ name: String) { self.name = name }

  /// Held by everyone who is signed in: it concerns only their own account.
  package static let ownAccount: Duty = "account.own"

  package static func < (left: Duty, right: Duty) -> Bool { left.name < right.name }
}

extension Duty {
  /// Held by the clock alone.
  package static let clockOnly: Duty = "clock"
  /// Held by everybody, signed in or not: signing in itself, a resident's own page.
  package static let anyone: Duty = "anyone"
  /// Held by a resident with a slip: it concerns only their own file.
  package static let ownFile: Duty = "person.own"

  /// Whether it is nothing that a policy could give to an office.
  var isOfNoOffice: Bool { self == .clockOnly || self == .ownFile }
}
