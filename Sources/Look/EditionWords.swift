import Kernel

extension Look {
  /// An edition of the policies by its title, as the head of its file has it; by its reference, such as
  /// `cn-9@1`, where it is no longer kept.
  package func edition(_ reference: String, of policies: PolicyLibrary) -> String {
    policies.edition(reference).map { self($0.head.title) } ?? reference
  }
}
