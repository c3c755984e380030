import Gazette
import Kernel
import Registry

/// Takes in leads inside one command: reads, finds where each belongs, and owes it there.
struct LeadsIntake {
  private let work: Work
  private let policy: LeadsPolicy
  private let areas: AreaCodes
  private let store: LeadsStore
  /// The widest place in which the sender takes in leads.
  private let own: Place?
  private var names: [PlaceID: AddressNames] = [:]
  private(set) var assigned = 0
  private(set) var waiting = 0
  private(set) var verified = 0

  init(_ work: Work) throws {
    self.work = work
    policy = try work.policy(LeadsPolicy.self)
    areas = try work.rules.reference()
    store = LeadsStore(work.transaction)
    own = try Self.ownPlace(work)
  }

  /// The place of the sender's office, narrowed down to the first with several below it.
  private static func ownPlace(_ work: Work) throws -> Place? {
    let areas = work.authority.areas(for: ImportLeads.duty)
    guard let widest = areas.min(by: { $0.text.utf8.count < $1.text.utf8.count }) else {
      return nil
    }
    let places = PlacesStore(work.transaction)
    var place = widest == .everywhere ? nil : try places.find(path: widest)
    while place == nil || place?.level == .city {
      let children = try places.children(of: place?.id, limit: 2)
      guard children.count == 1, let only = children.first else { break }
      place = only
    }
    return place
  }

  /// Takes a row; false when nothing in it is new.
  mutating func take(_ row: LeadRow) throws -> (lead: LeadID, isNew: Bool) {
    let result = try LeadsRules.result(row.result, today: work.today)
    let content = try LeadContent(row, areas: areas, asOf: work.today)
    let fingerprint = work.vault.index(content.text, kind: "lead")
    if let known = try known(row.lead, fingerprint) {
      return (known.id, try again(known, fingerprint, result, at: row.result.verifiedAt))
    }
    let id = row.lead ?? work.newID()
    _ = try ResidentsRules.identifier(id, field: "lead")
    let person = try person(of: content)
    let target = try target(row, content, person)
    try work.require(ImportLeads.duty, at: target.place.path)
    let isAssigned = target.place.level == .community
    var lead = Lead(
      id: id, title: content.title, category: content.category, urgency: content.urgency,
      name: Redacted(content.name), person: person?.id, place: target.place.id,
      path: target.place.path, routing: target.routing,
      state: isAssigned ? .assigned : .waiting, receivedAt: work.now,
      deadline: policy.deadline(content.urgency, from: work.now), fingerprint: fingerprint,
      sealed: try seal(content, for: id))
    if let result {
      lead.state = .verified
      lead.measure = result.measure
      lead.verifiedAt = try checkedAt(row.result.verifiedAt)
    }
    try store.add(lead)
    if let result {
      try work.keep(result, of: lead, at: lead.verifiedAt ?? work.now, reason: nil)
      verified += 1
    } else if isAssigned {
      try work.owe(lead)
      assigned += 1
    } else {
      try work.oweSplit(of: target.place, policy)
      waiting += 1
    }
    return (id, true)
  }

  private func known(_ id: LeadID?, _ fingerprint: String) throws -> Lead? {
    guard let id else { return try store.find(fingerprint: fingerprint) }
    return try store.find(id)
  }

  /// A row of a lead that is known: its result may be new.
  private mutating func again(
    _ lead: Lead, _ fingerprint: String, _ result: LeadResult?, at: Instant?
  ) throws -> Bool {
    try work.require(ImportLeads.duty, at: lead.path)
    guard lead.fingerprint == fingerprint else {
      throw Refusal(
        .conflict, "lead.different",
        Words(
          "该线索编号已有记录且内容不同；请核对编号，或清空编号作为新线索导入",
          "This lead is known with another content; check its number, or leave the number empty"),
        field: "lead")
    }
    guard let result else { return false }
    let kept = try work.results(of: lead.id).last
    if kept?.result == result, at == nil || at == kept?.at { return false }
    guard kept == nil else {
      throw Refusal(
        .conflict, "lead.resultDiffers",
        Words(
          "该线索已有不同的核查结果，请在线索页写明理由更正",
          "This lead has another result; put it right on its page, with a reason"),
        field: "measure")
    }
    try work.verify(lead, result, at: checkedAt(at), reason: nil)
    verified += 1
    return true
  }

  private func checkedAt(_ written: Instant?) throws(Refusal) -> Instant {
    guard let written else { return work.now }
    guard written <= work.now else {
      throw Refusal(
        .invalid, "lead.checkedInFuture",
        Words("核查时间晚于现在，请更正", "It would be checked in the future; correct the time"),
        field: "verified_at")
    }
    return written
  }

  // MARK: Where it belongs

  private mutating func target(
    _ row: LeadRow, _ content: LeadContent, _ person: Resident?
  ) throws -> (place: Place, routing: LeadRouting) {
    let named = try row.placeCode.map { code in try work.leadPlace(code, field: "place_code") }
    if let named, named.level == .community { return (named, .given) }
    guard let area = named ?? own else {
      throw Refusal(
        .invalid, "lead.noPlace",
        Words(
          "您负责多个市区，请在 place_code（辖区代码）写明区县、街道或社区的代码",
          "You answer for several cities; give the code of a district, street or community as place_code"
        ), field: "place_code")
    }
    if let person, area.path.holds(person.path),
      let community = try community(above: person.path)
    {
      return (community, .person)
    }
    if let address = content.address {
      if names[area.id] == nil { names[area.id] = try self.names(in: area) }
      if let id = names[area.id]?.community(in: address),
        let community = try PlacesStore(work.transaction).find(id)
      {
        return (community, .address)
      }
    }
    return (area, area.level == .community ? .given : .none)
  }

  private func community(above path: PlacePath) throws -> Place? {
    try PlacesStore(work.transaction).line(to: path).first { $0.level == .community }
  }

  /// What communities and estates of an area are called in addresses.
  private func names(in area: Place) throws -> AddressNames {
    let places = PlacesStore(work.transaction)
    let communities = try places.inside(area.path, level: .community)
    var names = communities.flatMap { place in
      Set([place.name, place.spoken]).map { (name: $0, community: place.id) }
    }
    let byPath = Dictionary(communities.map { ($0.path, $0.id) }) { first, _ in first }
    for estate in try places.inside(area.path, level: .estate, limit: 20_000) {
      if let parent = estate.path.ancestors.first(where: { byPath[$0] != nil }),
        let community = byPath[parent]
      {
        names.append((estate.name, community))
      }
    }
    return AddressNames(names)
  }

  /// The register's file of the person: by the number, else by telephone and name when only one fits.
  private func person(of content: LeadContent) throws -> Resident? {
    let residents = ResidentsStore(work.transaction)
    if let document = content.document, let index = work.vault.identityIndex(of: document) {
      if let owner = try residents.owners(ofIdentity: [index]).first { return owner }
    }
    guard let phone = content.phone else { return nil }
    let owners = try residents.owners(ofPhone: work.vault.phoneIndex(of: phone), limit: 20)
      .filter { $0.name?.revealed == content.name }
    return owners.count == 1 ? owners.first : nil
  }

  private func seal(_ content: LeadContent, for id: LeadID) throws -> SealedLead {
    func seal(_ text: String?, _ column: String) throws -> [UInt8]? {
      try text.map { try work.vault.lock($0, place: Vault.leadPlace(column, of: id)) }
    }
    return SealedLead(
      requirement: try seal(content.requirement, "requirement"),
      address: try seal(content.address, "address"),
      identity: try seal(content.document?.revealed, "identity"),
      identityIndex: content.document.flatMap { work.vault.identityIndex(of: $0) },
      phone: try seal(content.phone, "phone"),
      phoneIndex: content.phone.map { work.vault.phoneIndex(of: $0) })
  }
}

/// What a row says of a lead itself, once it is understood.
private struct LeadContent {
  let title: String
  let category: String?
  let urgency: LeadUrgency
  let requirement: String?
  let name: String
  let document: IdentityDocument?
  let phone: String?
  let address: String?

  init(_ row: LeadRow, areas: AreaCodes, asOf: Day) throws(Refusal) {
    title = try LeadsRules.title(row.title, field: "title")
    category = try row.category.map { text throws(Refusal) in
      try LeadsRules.title(text, field: "category")
    }
    urgency = try LeadsRules.urgency(row.urgency)
    requirement = try row.requirement.map { text throws(Refusal) in
      try LeadsRules.long(text, field: "requirement")
    }
    name = try ResidentsRules.plain(row.name.trimmingWhitespace(), field: "name")
    document = try row.identityNumber.map { number throws(Refusal) in
      try LeadContent.document(number, areas: areas, asOf: asOf)
    }
    phone = try row.phone.map(ResidentsRules.phone)
    address = try row.address.map { text throws(Refusal) in
      try LeadsRules.long(text, field: "address")
    }
  }

  /// A citizen's number when it has the length of one; otherwise the number of a passport, whose
  /// kind a sheet does not say.
  private static func document(
    _ number: String, areas: AreaCodes, asOf: Day
  ) throws(Refusal) -> IdentityDocument {
    let digits = number.filter { !$0.isWhitespace }.count
    let kind: IdentityKind = digits == 18 || digits == 15 ? .residentID : .passport
    return try IdentityDocument(kind, number: number, areas: areas, asOf: asOf)
  }

  /// Everything that makes it this lead, for the fingerprint.
  var text: String {
    [
      title, category, urgency.rawValue, requirement, name, document?.revealed, phone, address,
    ].map { $0 ?? "" }.joined(separator: "\u{1F}")
  }
}

extension Work {
  /// The place that a code in a sheet means: a district, a street or a community.
  func leadPlace(_ code: String, field: String) throws -> Place {
    let places = PlacesStore(transaction)
    let found = try places.find(code: code) ?? places.find(PlaceID(trusted: code))
    guard let found, [.district, .street, .community].contains(found.level) else {
      throw Refusal(
        .invalid, "lead.place",
        Words("没有这个代码的区县、街道或社区，请更正", "No district, street or community has this code"),
        field: field)
    }
    return found
  }

  /// Lets the community owe a lead.
  func owe(_ lead: Lead) throws {
    try oblige(
      LeadsObligations.verify, about: lead.id.text, person: lead.person, at: lead.place,
      by: lead.deadline)
  }

  /// Lets somebody owe the split of what waits at a place, once however much waits.
  func oweSplit(of place: Place, _ policy: LeadsPolicy) throws {
    let owed = try ObligationStore(transaction).owed(
      LeadsObligations.split.name, about: place.id.text)
    guard owed.isEmpty else { return }
    try oblige(
      LeadsObligations.split, about: place.id.text, at: place.id,
      by: now + .minutes(policy.splitMinutes))
  }

  /// What was owed of a split is done when nothing waits at a place any more.
  func settleSplit(of place: PlaceID) throws {
    guard let path = try jurisdiction.path(place, transaction) else { return }
    let selection = LeadsStore.Selection(state: .waiting)
    let left = try LeadsStore(transaction).inside(path, selection, limit: 100_000)
      .contains { $0.place == place }
    if !left {
      try discharge(LeadsObligations.split, about: place.text, proof: [:])
    }
  }

  /// Enters the result of a lead and ends what is owed of it.
  func verify(_ lead: Lead, _ result: LeadResult, at: Instant, reason: String?) throws {
    var lead = lead
    let before = lead.state
    lead.state = .verified
    lead.measure = result.measure
    lead.verifiedAt = at
    try LeadsStore(transaction).update(lead)
    try keep(result, of: lead, at: at, reason: reason)
    try discharge(
      LeadsObligations.verify, about: lead.id.text, proof: ["measure": result.measure.rawValue])
    if before == .waiting { try settleSplit(of: lead.place) }
    try record(
      LeadVerified(
        lead: lead.id, measure: result.measure, isCorrection: before == .verified))
  }

  /// Keeps a result beside those before it, sealed.
  func keep(_ result: LeadResult, of lead: Lead, at: Instant, reason: String?) throws {
    func seal(_ text: String?, _ column: String) throws -> [UInt8]? {
      try text.map { try vault.lock($0, place: Vault.leadPlace(column, of: lead.id)) }
    }
    try LeadsStore(transaction).addResult(
      result, found: seal(result.foundAddress, "found"),
      linked: seal(result.linkedPeople, "linked"), of: lead.id, at: at,
      by: authority.sender.text, reason: reason)
  }

  func results(of lead: LeadID) throws -> [KeptResult] {
    try LeadsStore(transaction).results(of: lead) { bytes, column in
      try vault.unlock(bytes, place: Vault.leadPlace(column, of: lead))
    }
  }
}

extension Vault {
  /// Where a sealed part of a lead stands, so that it opens nowhere else.
  static func leadPlace(_ column: String, of lead: LeadID) -> String { "lead/\(column)/\(lead)" }
}
