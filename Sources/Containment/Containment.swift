import Kernel

/// The slices of this family.
package enum Containment {
  package static let slices: [Slice] = [
    Entries.slice, Restrictions.slice, Zones.slice, Isolation.slice, Home.slice, Passes.slice,
    Figures.slice,
  ]
}
