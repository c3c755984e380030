/// What an office may do, such as `cases.report`. Roles hold duties by policy.
package struct Duty: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  package let name: String

  package init(stringLiteral name: String) { self.name = name }
  package init(_ name: String) { self.name = name }

  /// Held by everyone who is signed in: it concerns only their own account.
  package static let ownAccount: Duty = "account.own"

  package static func < (left: Duty, right: Duty) -> Bool { left.name < right.name }
}
