import Kernel

/// The slices of this family.
package enum Detection {
  package static let slices: [Slice] = [
    Cases.slice, Scans.slice, Tracing.slice, Referrals.slice, Transmission.slice, Leads.slice,
    Interview.slice, Screening.slice, VenueCodes.slice,
  ]
}
