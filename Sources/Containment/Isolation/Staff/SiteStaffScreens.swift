import Kernel
import Look
import Registry

/// Who works at a site, as a part of its page: who answers now, and whether the roster holds.
struct SiteStaffPart {
  let reading: Reading
  let site: PlaceID

  private var look: Look { Look(reading) }

  func body() throws -> HTML {
    let roster = try reading.ask(SiteRoster(site: site))
    let inside = roster.members.count { $0.leftAt == nil }
    let leader =
      roster.leaders.isEmpty
      ? look.notice(look("现在没有点长在岗", "Nobody holds the leader’s post now"), tone: .late)
      : look.facts([
        (look("点长在岗", "Leader now"), "\(roster.leaders.joined(separator: look("、", ", ")))")
      ])
    return look.panel(
      look("工作人员", "Staff"), id: "staff",
      note: look("闭环内 \(inside) 人", "\(inside) in the loop"),
      chip: SiteStaffPage.chip(roster.gaps, look),
      HTML([
        leader,
        look.linkButton(look("排班和闭环", "Roster and loop"), to: IsolationScreens.staff(site)),
      ]))
  }
}

/// Who works at a site: the roster of the coming hours, its gaps, and the closed loop.
struct SiteStaffPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  private let site: PlaceID
  private let roster: SiteRoster.Answer
  private let policy: SiteStaffPolicy
  private let mayManage: Bool
  private static let mostGaps = 8

  init(request: ScreenRequest, reading: Reading, site: PlaceID) throws {
    self.request = request
    self.reading = reading
    self.site = site
    look = Look(reading)
    roster = try reading.ask(SiteRoster(site: site))
    policy = try reading.policy(SiteStaffPolicy.self)
    let path = try reading.jurisdiction.path(site, reading.transaction) ?? .everywhere
    mayManage = reading.authority.may(AssignTurn.duty, at: path)
  }

  static func chip(_ gaps: [SiteGap], _ look: Look) -> Look.Label {
    let posts = Set(gaps.map(\.post)).count
    return gaps.isEmpty
      ? .init(look("没有空档", "no gap"), .done)
      : .init(look("空档 \(posts) 岗", "\(posts) posts with gaps"), .late)
  }

  var body: HTML {
    HTML([
      look.title(look("\(roster.name) 工作人员", "\(roster.name): staff")),
      look.columns([look.stack([turns, assigning]), look.stack([members, entering])]),
      look.linkButton(look("房态", "Rooms"), to: IsolationScreens.address(site)),
    ])
  }

  private func words(_ post: String) -> String {
    policy.post(post).map { look($0.words) } ?? post
  }

  private var turns: HTML {
    let gaps = roster.gaps.prefix(Self.mostGaps).map { gap in
      look.notice(
        look(
          "\(words(gap.post))：\(look.nearMoment(gap.from)) – \(look.nearEnd(gap.until)) 缺 \(gap.needed - gap.present) 人",
          "\(words(gap.post)): \(gap.needed - gap.present) missing \(look.nearMoment(gap.from)) – \(look.nearEnd(gap.until))"
        ), tone: .late)
    }
    let rows = roster.turns.map { turn in
      Look.ObligationRow(
        label: turn.from <= reading.now
          ? .init(look("在岗", "on duty"), .today)
          : .init(look.nearMoment(turn.from), .neutral), title: turn.title, address: nil,
        trail: [
          words(turn.post),
          "\(look.nearMoment(turn.from)) – \(look.nearMoment(turn.until))",
        ], holder: "",
        buttons: mayManage
          ? look.form(
            UnassignTurn.name, for: request, hidden: [("turn", turn.turn.text)],
            buttons: look.plainButton(look("撤下", "Take off")), isInline: true) : nil)
    }
    let list: HTML =
      rows.isEmpty
      ? look.empty(look("还没有排班", "Nobody is on the roster"))
      : look.obligations(rows, id: "turns", topics: "isolation")
    return look.panel(
      look("排班", "Roster"), id: "roster",
      note: look("到 \(look.nearMoment(roster.until))", "until \(look.nearMoment(roster.until))"),
      chip: Self.chip(roster.gaps, look), HTML(Array(gaps)) + list)
  }

  private var assigning: HTML {
    guard mayManage else { return "" }
    let posts = policy.posts.map { post in
      Look.Field.Choice(
        post.code,
        look.dotted([look(post.words), post.isInLoop ? nil : look("闭环外", "outside the loop")]))
    }
    return look.disclosure(
      look("排一班", "Put somebody on the roster"), id: "assign",
      look.form(
        AssignTurn.name, for: request, hidden: [("site", site.text)],
        fields: [
          .init("post", look("岗位", "Post"), .list(posts), required: true),
          .init(
            "account", look("账号", "Account"),
            .suggested(roster.members.filter { $0.leftAt == nil }.map(\.account.text)),
            required: true),
          .init("from", look("从", "From"), .moment, required: true),
          .init(
            "until", look("到", "Until"), .moment,
            hint: look(
              "一班最长 \(policy.shiftHoursMost) 小时，两班之间至少休息 \(policy.restHours) 小时",
              "\(policy.shiftHoursMost) hours at most, \(policy.restHours) hours of rest between two"
            ),
            required: true),
          .init("days", look("连续几天", "On how many days"), .number),
        ], buttons: look.primaryButton(look("排上", "Assign"))))
  }

  private var members: HTML {
    let rows = roster.members.map { member in
      Look.ObligationRow(
        label: label(member), title: member.title, address: nil,
        trail: [
          look(
            "\(look.nearMoment(member.enteredAt)) 进入",
            "in since \(look.nearMoment(member.enteredAt))"
          ),
          member.leftAt.map { look("\(look.nearMoment($0)) 离开", "left \(look.nearMoment($0))") },
          member.testBy.map {
            look("检测限 \(look.nearEnd($0))", "test by \(look.nearEnd($0))")
          },
        ].compactMap { $0 }, holder: "", buttons: buttons(member))
    }
    return look.panel(
      look("闭环", "Closed loop"), id: "loop",
      note: look("在闭环内的不上闭环外的岗位", "no post outside it while in it"),
      rows.isEmpty
        ? look.empty(look("没有人在闭环内", "Nobody is in the loop"))
        : look.obligations(rows, id: "members", topics: "isolation"))
  }

  private func label(_ member: SiteRoster.Member) -> Look.Label {
    guard member.leftAt != nil, let open = member.openFrom else {
      return .init(look("闭环内", "in the loop"), .today)
    }
    return .init(
      look("\(look.nearEnd(open)) 前不上开放岗位", "no open post before \(look.nearEnd(open))"), .soon)
  }

  private func buttons(_ member: SiteRoster.Member) -> HTML? {
    guard mayManage else { return nil }
    let leave: HTML? =
      member.leftAt != nil
      ? nil
      : look.form(
        LeaveLoop.name, for: request, hidden: [("loop", member.loop.text)],
        buttons: look.plainButton(look("离开闭环", "Leaves the loop")), isInline: true)
    let test: HTML? = member.test.map { obligation in
      look.form(
        FinishObligation.name, for: request, hidden: [("obligation", obligation.text)],
        buttons: HTML([
          look.valueButton(look("检测阴性", "Negative"), name: "proof.result", value: "negative"),
          look.valueButton(
            look("非阴性", "Not negative"), name: "proof.result", value: "positive"),
        ]), isInline: true)
    }
    return HTML([test ?? "", leave ?? ""])
  }

  private var entering: HTML {
    guard mayManage else { return "" }
    return look.disclosure(
      look("进入闭环", "Enter the loop"), id: "enter",
      look.form(
        EnterLoop.name, for: request, hidden: [("site", site.text)],
        fields: [
          .init("account", look("账号", "Account"), required: true),
          .init(
            "testedAt", look("阴性采样时间", "Negative sample taken at"), .moment,
            hint: look(
              "\(policy.entryNegativeHours) 小时内", "within \(policy.entryNegativeHours) hours"),
            required: true),
        ], buttons: look.primaryButton(look("登记进入", "Enter"))))
  }
}
