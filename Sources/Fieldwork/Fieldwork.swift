import Kernel

/// The slices of this family.
package enum Fieldwork {
  package static let slices: [Slice] = [Rounds.slice, Proofs.slice, Sightings.slice]
}
