import Kernel

/// The register: where things are, who lives there, who holds which office.
package enum Registry {
  package static let slices: [Slice] = [
    Places.slice, Offices.slice, Factors.slice, Invitations.slice, Shifts.slice, Delegations.slice,
    Residents.slice, Devices.slice,
  ]
}
