import Kernel
import Registry

/// Finds a lead by its number.
enum LeadsFinder {
  static let finder = Finder(
    "leads", Words("线索", "Leads"), duty: ListLeadsToCheck.duty, order: 50
  ) { wanted, _, reading in
    let store = LeadsStore(reading.transaction)
    let written = Set([wanted.text, wanted.text.uppercased(), wanted.text.lowercased()])
    let found = try written.sorted().compactMap { try store.find(LeadID(trusted: $0)) }
    return try found.filter { reading.authority.may(ListLeadsToCheck.duty, at: $0.path) }
      .map { lead in
        Finder.Found(
          lead.id.text, about: try reading.shortAddress(of: lead.path),
          address: "/leads/\(lead.id.text)")
      }
  }
}
