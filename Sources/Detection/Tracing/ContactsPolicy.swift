import Kernel

/// What makes a contact in an edition, and how fast an investigation has to be.
package struct ContactsPolicy: PolicySection {
  package static let key = "contacts"

  /// How long two people must have been together at one kind of venue to be close contacts.
  package struct MeetingRule: Decodable, Sendable {
    /// Whether the least time counts for one meeting or for all meetings of the pair together.
    package enum Counted: String, Decodable, Sendable {
      case meeting
      case total
    }

    package let minimumMinutes: Int
    package let counted: Counted
    package var minimum: Duration { .minutes(minimumMinutes) }

    private enum CodingKeys: String, CodingKey {
      case counted
      case minimumMinutes = "minimum_minutes"
    }
  }

  /// What makes a time-space companion (时空伴随).
  package struct Companions: Decodable, Sendable {
    package let cellMetres: Int
    package let minimumMinutes: Int
    package let days: Int

    private enum CodingKeys: String, CodingKey {
      case days
      case cellMetres = "cell_metres"
      case minimumMinutes = "minimum_minutes"
    }
  }

  /// The first steps of an investigation, in hours from the report; the whole has its clock in
  /// the policy of cases.
  package struct Clocks: Decodable, Sendable {
    package let trajectoryHours: Int
    package let movedHours: Int

    private enum CodingKeys: String, CodingKey {
      case trajectoryHours = "trajectory_hours"
      case movedHours = "moved_hours"
    }
  }

  /// What one account alone may confirm as contacts (I-16, I-20).
  package struct Alone: Decodable, Sendable {
    /// Above so many people a second person decides.
    package let people: Int
    /// Within so many hours up to the moment.
    package let hours: Int
    /// Within so many minutes the second person is to decide.
    package let approvalMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case people
      case hours
      case approvalMinutes = "approval_minutes"
    }
  }

  /// Whether contacts are determined at all.
  package let determined: Bool
  /// Days before onset or first positive sample from which others are at risk.
  package let windowDaysBefore: Int
  /// When nobody has said since when a case is isolated: hours after the report.
  package let assumedIsolatedHours: Int
  /// Whether everybody behind the same door is a close contact.
  package let household: Bool
  /// The rule of each kind of venue; a kind without a rule makes no close contact.
  package let meetings: [String: MeetingRule]
  /// Whether shared exposure below the rules makes a general contact.
  package let generalContacts: Bool
  /// Whether contacts of close contacts are determined.
  package let contactsOfContacts: Bool
  package let companions: Companions?
  package let clocks: Clocks
  package let confirmedAlone: Alone
  /// From how long a hole in a trajectory is shown as a gap.
  package let gapMinutes: Int

  private enum CodingKeys: String, CodingKey {
    case determined
    case household
    case meetings
    case companions
    case clocks
    case windowDaysBefore = "window_days_before"
    case assumedIsolatedHours = "assumed_isolated_hours"
    case generalContacts = "general_contacts"
    case contactsOfContacts = "contacts_of_contacts"
    case gapMinutes = "gap_minutes"
    case confirmedAlone = "confirmed_alone"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    for kind in meetings.keys.sorted() where VenueKind(rawValue: kind) == nil {
      faults.append(
        Words("没有“\(kind)”这种场所类型", "there is no kind of venue “\(kind)”"))
    }
    // A confirmed contact is restricted: what one may confirm alone is bounded as restricting is.
    faults += [
      PolicyBound("confirmed_alone.people", 0...20).fault(confirmedAlone.people),
      PolicyBound("confirmed_alone.hours", 24...(.max)).fault(confirmedAlone.hours),
      PolicyBound("confirmed_alone.approval_minutes", 1...1_440)
        .fault(confirmedAlone.approvalMinutes),
    ].compactMap(\.self)
    let clock = [clocks.trajectoryHours, clocks.movedHours]
    let numbers = clock + [windowDaysBefore, assumedIsolatedHours, gapMinutes]
    if (numbers + meetings.values.map(\.minimumMinutes)).contains(where: { $0 < 0 }) {
      faults.append(Words("时间不能为负数", "no time may be below zero"))
    }
    if clock != clock.sorted() {
      faults.append(Words("流调时限没有递增", "the steps of an investigation do not rise"))
    }
    return faults
  }

  /// The rule of a kind of venue.
  package func rule(_ kind: VenueKind) -> MeetingRule? { meetings[kind.rawValue] }
}

/// What sort of venue people met at; the rules differ by it.
package enum VenueKind: String, Codable, CaseIterable, Sendable {
  /// Behind somebody's own door.
  case household
  /// A closed room: a lift, a restaurant's table, a karaoke room.
  case enclosed
  /// A vehicle, an aeroplane.
  case transport
  case openAir = "open_air"
  /// Nobody has said.
  case unknown
  /// No venue: two people were seen or told to be close to each other.
  case encounter

  package var words: Words {
    switch self {
    case .household: Words("家中", "at home")
    case .enclosed: Words("密闭空间", "closed room")
    case .transport: Words("交通工具", "transport")
    case .openAir: Words("室外", "open air")
    case .unknown: Words("未分类场所", "venue of unknown kind")
    case .encounter: Words("近距离接触", "direct encounter")
    }
  }
}
