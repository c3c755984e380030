/// A mistake of ours that one command met: it fails and is undone, and the process goes on.
package struct Defect: Error, Sendable, CustomStringConvertible {
  /// What is wrong, without any value.
  package let description: String

  package init(_ description: String) { self.description = description }
}
