import Kernel

/// The slices of this family.
package enum Headquarters {
  package static let slices: [Slice] = [Bulletins.slice]
}
