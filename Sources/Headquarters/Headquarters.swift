import Kernel
import Look

/// The slices of this family.
package enum Headquarters {
  package static let slices: [Slice] = [
    Dashboard.slice, Dispatch.slice, Search.slice, Handover.slice, Capacity.slice, Bulletins.slice,
    Audit.slice, Design.slice,
  ]
}
