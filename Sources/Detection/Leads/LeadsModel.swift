import Kernel
import Registry

/// Names one lead.
package enum LeadTag {}
package typealias LeadID = ID<LeadTag>

/// How fast a lead has to be checked.
package enum LeadUrgency: String, Codable, CaseIterable, Sendable {
  case expedited
  case urgent
  case ordinary

  package var words: Words {
    switch self {
    case .expedited: Words("加急", "expedited")
    case .urgent: Words("紧急", "urgent")
    case .ordinary: Words("普通", "ordinary")
    }
  }
}

/// What became of the person, as the sheet's column 管控措施 says it.
package enum LeadMeasure: String, Codable, CaseIterable, Sendable {
  case settled
  case home
  case central
  case toStreet = "to_street"
  case toDistrict = "to_district"
  case toCity = "to_city"
  case toProvince = "to_province"
  case leftCountry = "left_country"
  case notFound = "not_found"

  package var words: Words {
    switch self {
    case .settled: Words("落地", "found here")
    case .home: Words("居家", "isolated at home")
    case .central: Words("集中", "in central isolation")
    case .toStreet: Words("移交他街", "passed to another street")
    case .toDistrict: Words("移交他区", "passed to another district")
    case .toCity: Words("移交外市", "passed to another city")
    case .toProvince: Words("通报外省", "another province was told")
    case .leftCountry: Words("已出境", "left the country")
    case .notFound: Words("无法落地", "cannot be found")
    }
  }
}

/// The colour that the person's code showed.
package enum LeadColour: String, Codable, CaseIterable, Sendable {
  case green
  case yellow
  case red

  package var words: Words {
    switch self {
    case .green: Words("绿码", "green")
    case .yellow: Words("黄码", "yellow")
    case .red: Words("红码", "red")
    }
  }
}

/// How a lead came to its place.
package enum LeadRouting: String, Codable, CaseIterable, Sendable {
  /// The sheet names the place.
  case given
  /// The register knows the person.
  case person
  /// The address names a community or an estate.
  case address
  case split
  case handedOver = "handed_over"
  /// It waits to be split.
  case none

  package var words: Words {
    switch self {
    case .given: Words("表内指定", "named in the sheet")
    case .person: Words("按人员台账", "by the person’s file")
    case .address: Words("按地址", "by address")
    case .split: Words("平均分派", "split evenly")
    case .handedOver: Words("移交", "handed over")
    case .none: Words("待分派", "to be split")
    }
  }
}

/// Where a lead stands.
package enum LeadState: String, Codable, CaseIterable, Sendable {
  case waiting
  case assigned
  case verified

  package var words: Words {
    switch self {
    case .waiting: Words("待分派", "to be split")
    case .assigned: Words("待核查", "to be checked")
    case .verified: Words("已核查", "checked")
    }
  }
}

/// A lead as it came, and where it stands. What identifies people is sealed.
package struct Lead: Sendable {
  package let id: LeadID
  package let title: String
  package let category: String?
  package let urgency: LeadUrgency
  package let name: Redacted<String>
  /// The register's file of the person, when it knows one.
  package let person: PersonID?
  package var place: PlaceID
  package var path: PlacePath
  package var routing: LeadRouting
  package var state: LeadState
  package let receivedAt: Instant
  package let deadline: Instant
  package var measure: LeadMeasure?
  package var verifiedAt: Instant?
  let fingerprint: String
  let sealed: SealedLead

  /// The name as lists show it: a person's is masked, a venue's is not.
  var shownName: String {
    category == Leads.venueCategory ? name.revealed : Mask.name(name.revealed)
  }
}

/// The sealed parts of a lead, and the blind indices of the numbers.
struct SealedLead: Sendable {
  var requirement: [UInt8]?
  var address: [UInt8]?
  var identity: [UInt8]?
  var identityIndex: String?
  var phone: [UInt8]?
  var phoneIndex: String?
}

/// What a check found out.
package struct LeadResult: Hashable, Sendable {
  package let measure: LeadMeasure
  package let foundAddress: String?
  package let lastTestOn: Day?
  package let linkedPeople: String?
  package let colour: LeadColour?

  package init(
    measure: LeadMeasure, foundAddress: String? = nil, lastTestOn: Day? = nil,
    linkedPeople: String? = nil, colour: LeadColour? = nil
  ) {
    self.measure = measure
    self.foundAddress = foundAddress
    self.lastTestOn = lastTestOn
    self.linkedPeople = linkedPeople
    self.colour = colour
  }
}

/// A result with its time; the last one holds.
struct KeptResult: Sendable {
  let number: Int
  let result: LeadResult
  let at: Instant
  let sender: String
  /// Why an earlier result was put right.
  let reason: String?
}

/// One row of a sheet: the columns as somebody wrote them.
package struct LeadRow: Codable, Sendable {
  package let lead: LeadID?
  package let title: String
  package let category: String?
  package let urgency: String
  package let requirement: String?
  package let name: String
  package let identityNumber: String?
  package let phone: String?
  package let address: String?
  package let placeCode: String?
  package let result: LeadResultRow

  package init(
    lead: LeadID? = nil, title: String, category: String? = nil, urgency: String,
    requirement: String? = nil, name: String, identityNumber: String? = nil,
    phone: String? = nil, address: String? = nil, placeCode: String? = nil,
    result: LeadResultRow = LeadResultRow()
  ) {
    self.lead = lead
    self.title = title
    self.category = category
    self.urgency = urgency
    self.requirement = requirement
    self.name = name
    self.identityNumber = identityNumber
    self.phone = phone
    self.address = address
    self.placeCode = placeCode
    self.result = result
  }

  private enum CodingKeys: String, CodingKey {
    case lead
    case title
    case category
    case urgency
    case requirement
    case name
    case phone
    case address
    case identityNumber = "identity_number"
    case placeCode = "place_code"
  }

  package init(from decoder: any Decoder) throws {
    let cells = try decoder.container(keyedBy: CodingKeys.self)
    lead = try cells.decodeIfPresent(LeadID.self, forKey: .lead)
    title = try cells.decode(String.self, forKey: .title)
    category = try cells.decodeIfPresent(String.self, forKey: .category)
    urgency = try cells.decode(String.self, forKey: .urgency)
    requirement = try cells.decodeIfPresent(String.self, forKey: .requirement)
    name = try cells.decode(String.self, forKey: .name)
    identityNumber = try cells.decodeIfPresent(String.self, forKey: .identityNumber)
    phone = try cells.decodeIfPresent(String.self, forKey: .phone)
    address = try cells.decodeIfPresent(String.self, forKey: .address)
    placeCode = try cells.decodeIfPresent(String.self, forKey: .placeCode)
    result = try LeadResultRow(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var cells = encoder.container(keyedBy: CodingKeys.self)
    try cells.encodeIfPresent(lead, forKey: .lead)
    try cells.encode(title, forKey: .title)
    try cells.encodeIfPresent(category, forKey: .category)
    try cells.encode(urgency, forKey: .urgency)
    try cells.encodeIfPresent(requirement, forKey: .requirement)
    try cells.encode(name, forKey: .name)
    try cells.encodeIfPresent(identityNumber, forKey: .identityNumber)
    try cells.encodeIfPresent(phone, forKey: .phone)
    try cells.encodeIfPresent(address, forKey: .address)
    try cells.encodeIfPresent(placeCode, forKey: .placeCode)
    try result.encode(to: encoder)
  }
}

/// The result columns of a sheet, as somebody wrote them.
package struct LeadResultRow: Codable, Sendable {
  package let measure: String?
  package let foundAddress: String?
  package let lastTest: Day?
  package let linkedPeople: String?
  package let codeColour: String?
  package let verifiedAt: Instant?

  package init(
    measure: String? = nil, foundAddress: String? = nil, lastTest: Day? = nil,
    linkedPeople: String? = nil, codeColour: String? = nil, verifiedAt: Instant? = nil
  ) {
    self.measure = measure
    self.foundAddress = foundAddress
    self.lastTest = lastTest
    self.linkedPeople = linkedPeople
    self.codeColour = codeColour
    self.verifiedAt = verifiedAt
  }

  private enum CodingKeys: String, CodingKey {
    case measure
    case foundAddress = "found_address"
    case lastTest = "last_test"
    case linkedPeople = "linked_people"
    case codeColour = "code_colour"
    case verifiedAt = "verified_at"
  }
}
