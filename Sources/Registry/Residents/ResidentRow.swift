import Kernel

/// One row of a file of residents: who, and behind which door.
package struct ResidentRow: Codable, Sendable {
  package let person: String?
  package let form: PersonForm
  package let household: String?
  package let communityCode: String?
  package let estate: String?
  package let building: String?
  package let entrance: String?
  package let floor: String?
  package let room: String?

  /// The columns of the file, in their order.
  package static let columns = [
    ExchangeColumn("person", "人员编号", "编号"),
    ExchangeColumn("name", "姓名", required: true),
    ExchangeColumn("sex", "性别"),
    ExchangeColumn("birth_date", "出生日期"),
    ExchangeColumn("identity_kind", "证件类型", "证件种类"),
    ExchangeColumn("identity_number", "证件号码", "身份证号", "身份证号码"),
    ExchangeColumn("phone", "电话", "联系电话", "手机号"),
    ExchangeColumn("household", "户编号", "户号"),
    ExchangeColumn("community_code", "社区代码", required: true),
    ExchangeColumn("estate", "小区"),
    ExchangeColumn("building", "楼栋", "楼号"),
    ExchangeColumn("entrance", "单元"),
    ExchangeColumn("floor", "楼层"),
    ExchangeColumn("room", "房号", "室", "门牌"),
    ExchangeColumn("registered_code", "户籍地代码"),
    ExchangeColumn("work_place", "工作单位"),
    ExchangeColumn("tags", "特殊需求", "标签"),
  ]

  private enum CodingKeys: String, CodingKey {
    case person
    case household
    case estate
    case building
    case entrance
    case floor
    case room
    case communityCode = "community_code"
  }

  package init(from decoder: any Decoder) throws {
    form = try PersonForm(from: decoder)
    let cells = try decoder.container(keyedBy: CodingKeys.self)
    person = try cells.decodeIfPresent(String.self, forKey: .person)
    household = try cells.decodeIfPresent(String.self, forKey: .household)
    communityCode = try cells.decodeIfPresent(String.self, forKey: .communityCode)
    estate = try cells.decodeIfPresent(String.self, forKey: .estate)
    building = try cells.decodeIfPresent(String.self, forKey: .building)
    entrance = try cells.decodeIfPresent(String.self, forKey: .entrance)
    floor = try cells.decodeIfPresent(String.self, forKey: .floor)
    room = try cells.decodeIfPresent(String.self, forKey: .room)
  }

  package func encode(to encoder: any Encoder) throws {
    try form.encode(to: encoder)
    var cells = encoder.container(keyedBy: CodingKeys.self)
    try cells.encodeIfPresent(person, forKey: .person)
    try cells.encodeIfPresent(household, forKey: .household)
    try cells.encodeIfPresent(communityCode, forKey: .communityCode)
    try cells.encodeIfPresent(estate, forKey: .estate)
    try cells.encodeIfPresent(building, forKey: .building)
    try cells.encodeIfPresent(entrance, forKey: .entrance)
    try cells.encodeIfPresent(floor, forKey: .floor)
    try cells.encodeIfPresent(room, forKey: .room)
  }
}
