import Gazette
import Kernel

/// What the fields of facts are called: the one place in which they have words. A field without words
/// here is called by its name.
enum FieldWords {
  /// The words of a field; nil for a field that has none.
  static func named(_ field: String) -> Words? { words[field] }

  /// What an identifier in a field names; nil where it is no identifier, or one that opens nowhere.
  static func matter(_ field: String) -> Matter? { matters[field] }

  /// The fields that hold an account, which is shown by its title.
  static let accounts: Set<String> = ["account", "giver", "taker", "inviter", "told"]
  /// The fields that hold a place, which is shown by its name too, as long as nobody's door is told by it.
  static let places: Set<String> = ["place", "places", "district", "area", "foundIn", "site"]

  private static let matters: [String: Matter] = [
    "account": .account, "giver": .account, "taker": .account, "inviter": .account,
    "told": .account, "person": .person, "people": .person, "carer": .person, "merged": .person,
    "survivor": .person, "enrolled": .person, "revised": .person, "infection": .infection,
    "infector": .infection, "contact": .contact, "restriction": .restriction,
    "obligation": .obligation, "zone": .zone, "round": .round, "tube": .tube, "site": .site,
    "place": .place, "places": .place, "home": .place, "district": .place, "area": .place,
    "foundIn": .place,
  ]

  /// The fields of a fact in the order in which they are read: who, what, when, how, how many.
  static func sorted(_ members: [String: Fields]) -> [(key: String, value: Fields)] {
    let rank = { (field: String) in groups.firstIndex { $0[field] != nil } ?? groups.count }
    // What begins stands before what ends.
    let name = { (field: String) in field == "windowStart" ? "window" : field }
    return members.sorted { (rank($0.key), name($0.key)) < (rank($1.key), name($1.key)) }
  }

  private static let groups = [people, things, times, steps, counts]
  private static let words = groups.reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// Who it is about, and who had a part in it.
  private static let people: [String: Words] = [
    "account": Words("账号", "Account"), "bearer": Words("持码人代号", "Bearer"),
    "carer": Words("照护人", "Carer"), "enrolled": Words("新建档案", "Files opened"),
    "giver": Words("交出人", "Handed over by"), "inviter": Words("邀请人", "Invited by"),
    "members": Words("管内人员", "In the tube"), "merged": Words("被合并的档案", "Merged file"),
    "person": Words("人员", "Person"), "people": Words("人员", "People"),
    "revised": Words("更新档案", "Files revised"), "role": Words("岗位", "Office"),
    "seat": Words("承办岗位", "Seat"), "survivor": Words("保留的档案", "File that stays"),
    "taker": Words("接手人", "Taken over by"), "told": Words("报告人", "Told by"),
    "who": Words("登录者", "Who tried"),
  ]

  /// What it is about.
  private static let things: [String: Words] = [
    "about": Words("关于", "About"), "area": Words("范围", "Area"), "batch": Words("批次", "List"),
    "box": Words("样本箱", "Box"), "bulletin": Words("通报", "Bulletin"),
    "city": Words("城市", "City"), "clause": Words("条款", "Clause"),
    "code": Words("代码", "Code"), "command": Words("操作", "Command"),
    "conflict": Words("登记矛盾", "Contradiction"), "contact": Words("接触者", "Contact"),
    "correction": Words("结果更正", "Correction"), "delegation": Words("代理", "Delegation"),
    "device": Words("设备", "Device"), "district": Words("区县", "District"),
    "edition": Words("政策版本", "Edition"), "entry": Words("记录", "Entry"),
    "evidence": Words("依据", "Evidence"), "field": Words("项目", "Field"),
    "fields": Words("项目", "Fields"), "foundIn": Words("发现地", "Found in"),
    "handover": Words("交接单", "Hand-over note"), "home": Words("住处", "Home"),
    "household": Words("居家隔离户", "Household"), "infection": Words("病例", "Case"),
    "infector": Words("传染源病例", "Source case"), "invitation": Words("邀请", "Invitation"),
    "key": Words("公钥", "Key"), "laboratory": Words("检测机构", "Laboratory"),
    "lead": Words("线索", "Lead"), "letter": Words("协查函", "Letter"),
    "link": Words("链接", "Link"), "list": Words("名单", "List of people"),
    "loop": Words("闭环", "Closed loop"), "meal": Words("餐次", "Meal"),
    "node": Words("节点", "Node"), "objection": Words("异议", "Objection"),
    "obligation": Words("事项", "Obligation"), "outing": Words("外出就医", "Way out for care"),
    "passkey": Words("通行密钥", "Passkey"), "piece": Words("证明", "Proof"),
    "place": Words("地点", "Place"), "places": Words("地点", "Places"),
    "point": Words("采样点", "Sampling point"), "post": Words("岗位", "Post"),
    "referral": Words("协查", "Hand-over"), "replaces": Words("取代", "Replaces"),
    "request": Words("申请", "Request"), "reset": Words("重置申请", "Reset"),
    "restriction": Words("管控", "Restriction"), "room": Words("房间", "Room"),
    "round": Words("检测轮次", "Round"), "run": Words("导入批次", "Import"),
    "session": Words("登录", "Session"), "shift": Words("班次", "Shift"),
    "sighting": Words("现场发现", "Sighting"), "site": Words("隔离点", "Isolation site"),
    "stay": Words("隔离段", "Stay"), "token": Words("令牌", "Token"),
    "tube": Words("采样管", "Tube"), "turn": Words("班次", "Turn"),
    "zone": Words("风险区", "Zone"),
  ]

  /// When.
  private static let times: [String: Words] = [
    "asOf": Words("截至", "As of"), "at": Words("时间", "At"), "before": Words("此前", "Before"),
    "begins": Words("开始", "Begins"), "countedFrom": Words("起算", "Counted from"),
    "day": Words("日期", "Day"), "dayZero": Words("起算日", "Day zero"),
    "deadline": Words("期限", "Deadline"), "doneAt": Words("实际办理时间", "Done at"),
    "due": Words("期限", "Due"), "dueAt": Words("期限", "Due"), "end": Words("截止", "End"),
    "ends": Words("结束", "Ends"), "expiresAt": Words("失效时间", "Expires"),
    "from": Words("从", "From"), "lastExposureAt": Words("最后暴露", "Last exposure"),
    "leftOn": Words("离开日期", "Left on"), "onsetOn": Words("发病日期", "Onset"),
    "recordedOn": Words("登记日期", "Recorded on"), "reportedAt": Words("报告时间", "Reported at"),
    "sampledAt": Words("采样时间", "Sampled at"), "to": Words("到", "To"),
    "until": Words("到期", "Until"), "windowEnd": Words("传染期止", "Window ends"),
    "windowStart": Words("传染期起", "Window begins"),
  ]

  /// What was decided, and how.
  private static let steps: [String: Words] = [
    "answer": Words("回答", "Answer"), "approved": Words("是否同意", "Approved"),
    "away": Words("外出", "Away"), "basis": Words("判定依据", "Basis"),
    "became": Words("改为", "Became"), "by": Words("方式", "By"),
    "cause": Words("原因", "Cause"), "checksum": Words("校验值", "Checksum"),
    "colour": Words("码色", "Colour"), "decision": Words("处理", "Decision"),
    "digest": Words("摘要值", "Digest"), "ended": Words("已结束", "Ended"),
    "heard": Words("已有消息", "Heard of"), "incomplete": Words("资料不全", "Incomplete"),
    "isAmongMany": Words("属于批量", "Among many"),
    "isCorrection": Words("属于更正", "A correction"), "isNegative": Words("阴性", "Negative"),
    "is_verified": Words("已核实本人", "Holder verified"), "kind": Words("类别", "Kind"),
    "late": Words("逾期", "Late"), "level": Words("等级", "Level"),
    "measure": Words("措施", "Measure"), "origin": Words("来源", "Origin"),
    "outcome": Words("结果", "Outcome"), "reason": Words("原因", "Reason"),
    "ground": Words("依据", "Ground"),
    "reasons": Words("原因", "Reasons"), "removed": Words("已移除", "Removed"),
    "removes": Words("收回", "Takes back"), "result": Words("检测结果", "Result"),
    "returned": Words("归还内容", "Given back"), "ships": Words("变更一并另存", "Changes go along"),
    "source": Words("发现途径", "Source"), "standing": Words("状态", "Standing"),
    "state": Words("状态", "State"), "step": Words("步骤", "Step"),
    "symptom": Words("症状", "Symptom"), "taken": Words("并入内容", "Taken over"),
    "temperature": Words("体温", "Temperature"), "topic": Words("话题", "Topic"),
    "unmet": Words("不符合的要求", "Rules not met"), "upheld": Words("异议成立", "Upheld"),
    "was": Words("原为", "Was"), "what": Words("内容", "What"),
    "withdrawn": Words("撤销", "Withdrawn"),
  ]

  /// How many.
  private static let counts: [String: Words] = [
    "accepted": Words("接受数", "Accepted"), "again": Words("需重采", "To be sampled again"),
    "assigned": Words("已分派", "Assigned"), "asymptomatic": Words("无症状", "Asymptomatic"),
    "bytes": Words("字节数", "Bytes"), "changed": Words("变更数", "Changed"),
    "codesLeft": Words("剩余恢复码", "Codes left"), "communities": Words("社区数", "Communities"),
    "confirmed": Words("确诊", "Confirmed"), "converted": Words("转确诊", "Converted"),
    "count": Words("数量", "Count"), "cumulative": Words("累计", "Cumulative"),
    "decided": Words("已决定数", "Decided"), "districts": Words("区县数", "Districts"),
    "encounters": Words("近距离接触数", "Encounters"), "entries": Words("条数", "Entries"),
    "faults": Words("问题数", "Faults"), "first": Words("起始号", "First"),
    "grams": Words("克数", "Grams"), "known": Words("已知计数", "Known counter"),
    "leads": Words("线索数", "Leads"), "leg": Words("第几程", "Leg"),
    "lines": Words("行数", "Lines"), "listed": Words("应检人数", "Listed"),
    "missed": Words("漏送数", "Missed"), "number": Words("编号", "Number"),
    "numbers": Words("编号", "Numbers"), "owed": Words("待办数", "Owed"),
    "pool": Words("混采人数", "Share a tube"), "portions": Words("份数", "Portions"),
    "promised": Words("承诺数", "Promised"), "proposed": Words("提出数", "Proposed"),
    "restrictions": Words("管控数", "Restrictions"), "rows": Words("行数", "Rows"),
    "rung": Words("第几级", "Rung"), "scans": Words("扫码数", "Scans"),
    "seconds": Words("秒数", "Seconds"), "sent": Words("收到计数", "Sent counter"),
    "stays": Words("停留数", "Stays"), "struck": Words("划去数", "Struck"),
    "total": Words("总数", "Total"), "tracks": Words("轨迹数", "Tracks"),
    "tubes": Words("管数", "Tubes"), "unanswered": Words("无结果人数", "Without a result"),
    "used": Words("占用数", "Used"), "verified": Words("已核查", "Checked"),
    "visits": Words("到访数", "Visits"), "voided": Words("作废数", "Voided"),
    "waiting": Words("等候数", "Waiting"),
  ]
}
