import Gazette
import Kernel
import Registry

/// What the codes in facts are called: the one place in which the auditor's pages have words for them. A
/// code without words here is shown as it is.
enum CodeWords {
  /// The words of a code in a field of a fact; nil where it has none.
  static func named(_ code: String, in field: String, of fact: String) -> Words? {
    let slice = fact.prefix { $0 != "." }
    let place = "\(slice).\(same[field] ?? field)"
    return typed(code, place) ?? words[place]?[code]
  }

  /// Fields that hold the same codes as another.
  private static let same = ["was": "result", "became": "result"]

  /// The codes that this family knows by their types.
  private static func typed(_ code: String, _ place: String) -> Words? {
    switch place {
    case "cases.kind": InfectionKind(rawValue: code)?.words
    case "contacts.kind": ContactKind(rawValue: code)?.words
    case "entries.level": EntryLevel(rawValue: code)?.words
    case "places.level": PlaceLevel(rawValue: code)?.words
    case "capacity.kind": CapacityOf(rawValue: code)?.words
    default: nil
    }
  }

  private static let words: [String: [String: Words]] = [
    "restrictions.kind": [
      "central_isolation": Words("集中隔离", "central isolation"),
      "home_isolation": Words("居家隔离", "isolation at home"),
      "home_monitoring": Words("居家健康监测", "health monitoring at home"),
      "hospital": Words("定点医院收治", "care in a designated hospital"),
      "notice": Words("风险提示", "notice"),
      "case": Words("病例报告", "a reported case"),
      "contact": Words("密接判定", "a confirmed contact"),
      "zone_residence": Words("风险区居住记录", "residence in a zone"),
      "entry_record": Words("入境或返回记录", "an entry record"),
      "symptoms": Words("症状报告", "reported symptoms"),
      "recheck": Words("复检结果", "a recheck"),
      "positive_tube": Words("混管异常结果", "a tube that was not negative"),
    ],
    "restrictions.reason": [
      "expired": Words("期满自动解除", "ended by itself on its date"),
      "became_case": Words("转为病例管理", "the person became a case"),
      "evidence_withdrawn": Words("依据已撤销", "what it rested on was withdrawn"),
      "objection_upheld": Words("异议成立", "the objection was upheld"),
      "edition_ended": Words("政策已调整", "the policy changed"),
      "renewed": Words("因新的接触重新计算", "decided anew after a later exposure"),
      "released": Words("提前解除", "released early"),
      "no_longer_needed": Words("不再需要", "no longer needed"),
      "tested_negative": Words("单管复核阴性", "the person’s own tube was negative"),
    ],
    "contacts.reason": [
      "protected": Words("有效防护", "protected"),
      "not_there": Words("未到场", "not there"),
      "mistaken_identity": Words("身份有误", "mistaken identity"),
      "not_near": Words("无近距离接触", "never near"),
      "became_case": Words("已转为病例", "became a case"),
    ],
    "passes.reason": [
      "changed": Words("情况有变", "what it says has changed"),
      "lost": Words("遗失或被人冒用", "lost, or shown by somebody else"),
      "mistaken": Words("发错了人", "given to the wrong person"),
    ],
    "passes.colour": [
      "green": Words("绿码", "green"),
      "yellow": Words("黄码", "yellow"),
      "red": Words("红码", "red"),
    ],
    "home.what": [
      "begun": Words("开始", "begun"),
      "ended": Words("结束", "ended"),
    ],
    "home.state": [
      "asked": Words("待批准", "asked"),
      "approved": Words("已批准，待出发", "approved, not left yet"),
      "declined": Words("未批准", "declined"),
      "cancelled": Words("已取消", "cancelled"),
      "out": Words("前往途中", "on the way there"),
      "there": Words("已到达", "arrived"),
      "back": Words("返程途中", "on the way back"),
      "home": Words("已到家", "home again"),
    ],
    "home.outcome": [
      "mended": Words("已整改，符合要求", "mended"),
      "tolerated": Words("条件有限，采取替代措施", "as it is, with other precautions"),
      "move": Words("转集中隔离", "move to an isolation site"),
    ],
    "home.unmet": [
      "room": Words("单独房间、卫生间", "a room and toilet of their own"),
      "air": Words("不共用中央空调和通风", "no shared central air"),
      "visitors": Words("没有访客", "no visitors"),
      "household": Words("同住人不外出或另住", "those who live there stay in or live elsewhere"),
      "door": Words("物资送到门口", "goods left at the door"),
      "rubbish": Words("垃圾双层装袋并消毒", "rubbish in two bags, disinfected"),
    ],
    "isolation.what": [
      "asked": Words("待接收", "asked"),
      "accepted": Words("已同意，待出发", "accepted"),
      "travelling": Words("转运途中", "on the way"),
      "present": Words("在住", "present"),
      "left": Words("已离开", "left"),
      "declined": Words("未接收", "declined"),
      "entered": Words("已进入", "entered"),
      "weighed": Words("已称重", "weighed"),
      "given": Words("已交出", "given"),
      "taken": Words("已接收", "taken"),
      "closed": Words("已关闭", "closed"),
      "ready": Words("可接收", "ready"),
      "set_up": Words("已设置", "set up"),
      "rooms": Words("房间", "rooms"),
      "room": Words("换房间", "another room"), "diet": Words("饮食变更", "another diet"),
      "confirmed": Words("已确认", "confirmed"), "cleaned": Words("已消毒", "disinfected"),
      "labelled": Words("已贴标签", "labelled"),
    ],
    "zones.what": [
      "plan": Words("方案", "plan"),
      "gate": Words("卡口", "gate"),
    ],
    "zones.level": [
      "low": Words("低风险区", "low"),
      "medium": Words("中风险区", "medium"),
      "high": Words("高风险区", "high"),
      "precaution": Words("防范区", "precaution"),
      "controlled": Words("管控区", "controlled"),
      "sealed": Words("封控区", "sealed"),
    ],
    "zones.reason": [
      "released": Words("条件全部满足", "every clause was met"),
      "evidence_withdrawn": Words("所依据的病例已撤销", "the infection behind it was withdrawn"),
      "edition_ended": Words("政策不再设此类区域", "the policy has no such zones any more"),
      "raised": Words("已并入更高等级区域", "its places belong to a higher zone now"),
    ],
    "referrals.state": [
      "sent": Words("待接收", "not answered"),
      "accepted": Words("已接收，待落地", "accepted, to be found"),
      "returned": Words("被退回", "sent back"),
      "found": Words("已落地", "found"),
      "replaced": Words("已改推", "sent elsewhere"),
      "closed": Words("已终止", "ended"),
    ],
    "referrals.outcome": [
      "home": Words("在家", "at home"),
      "site": Words("已在隔离点", "at an isolation site"),
      "hospital": Words("在医院", "in a hospital"),
      "abroad": Words("已出境", "has left the country"),
    ],
    "referrals.reason": [
      "other_area": Words("不属本辖区", "belongs to another area"),
      "moved_away": Words("已搬离", "has moved away"),
      "no_such_person": Words("查无此人", "nobody of that name"),
      "wrong_details": Words("信息有误", "the details are wrong"),
      "unreachable": Words("无法落地", "cannot be found"),
    ],
    "leads.measure": [
      "settled": Words("落地", "found here"),
      "home": Words("居家", "isolated at home"),
      "central": Words("集中", "in central isolation"),
      "to_street": Words("移交他街", "passed to another street"),
      "to_district": Words("移交他区", "passed to another district"),
      "to_city": Words("移交外市", "passed to another city"),
      "to_province": Words("通报外省", "another province was told"),
      "left_country": Words("已出境", "left the country"),
      "not_found": Words("无法落地", "cannot be found"),
    ],
    "interview.answer": [
      "told": Words("已说", "told"),
      "not_known": Words("不清楚", "not known"),
      "refused": Words("不愿说", "refused"),
    ],
    "interview.topic": [
      "onset": Words("发病", "onset"),
      "symptoms": Words("症状", "symptoms"),
      "household": Words("同住的人", "household"),
      "work": Words("工作", "work"),
      "day": Words("当天", "the day"),
      "stay": Words("去了哪里", "where"),
      "ride": Words("交通", "transport"),
      "meeting": Words("见了谁", "whom"),
    ],
    "transmission.state": [
      "proposed": Words("待确认", "proposed"),
      "confirmed": Words("已确认", "confirmed"),
      "rejected": Words("已排除", "rejected"),
      "withdrawn": Words("已撤销", "withdrawn"),
    ],
    "transmission.basis": [
      "household": Words("同住", "household"),
      "venue": Words("同一场所", "same venue"),
      "named_contact": Words("指认接触", "named contact"),
      "sequence": Words("基因测序", "sequence"),
      "told": Words("口述", "told"),
    ],
    "venues.what": [
      "made": Words("已制作", "made"),
      "renewed": Words("已更换", "replaced"),
      "ended": Words("已停用", "ended"),
    ],
    "venues.kind": [
      "household": Words("家中", "at home"),
      "enclosed": Words("密闭空间", "closed room"),
      "transport": Words("交通工具", "transport"),
      "open_air": Words("室外", "open air"),
      "unknown": Words("未分类场所", "venue of unknown kind"),
      "encounter": Words("近距离接触", "direct encounter"),
    ],
    "screening.kind": [
      "fixed": Words("固定点", "fixed"),
      "mobile": Words("流动点", "mobile"),
      "home": Words("上门组", "home visits"),
      "second_tube": Words("一人两管", "one person in two tubes"),
      "overfull": Words("超出混管人数", "more people than the tube takes"),
      "two_devices": Words("两台设备同用一管", "two devices used one tube"),
      "after_seal": Words("封管后又登记", "registered after the seal"),
      "other_round": Words("试管属于另一轮", "the tube belongs to another round"),
      "ahead": Words("设备时钟超前", "the device’s clock is ahead"),
      "seal_count": Words("封管清点数与登记数不符", "the count at the seal is not that of the swabs"),
      "outside_round": Words("采样时间不在本轮期间", "swabbed outside the round"),
    ],
    "screening.state": [
      "applied": Words("已采用", "applied"),
      "quarantined": Words("待审", "put aside"),
      "discarded": Words("不采用", "discarded"),
      "held": Words("待复核", "held"),
      "released": Words("已解除", "released"),
      "case": Words("转为病例", "a case"),
    ],
    "screening.step": [
      "packed": Words("已装箱", "packed"),
      "given": Words("已交出", "given"),
      "taken": Words("已接收", "taken"),
    ],
    "screening.standing": [
      "missing": Words("未采样", "not sampled"),
      "exempt": Words("免采", "exempt"),
      "away": Words("外出", "away"),
      "refused": Words("拒绝", "refused"),
      "reswab": Words("需重采", "to be sampled again"),
      "sampled": Words("已采样", "sampled"),
      "tested": Words("已出结果", "tested"),
    ],
    "screening.reason": [
      "age": Words("未达年龄", "below the age"),
      "health": Words("身体原因", "health"),
      "elsewhere": Words("已在别处检测", "tested elsewhere"),
      "isolated": Words("由隔离点检测", "tested where isolated"),
      "duplicate": Words("重复建档", "on the list twice"),
      "travelling": Words("外出未归", "travelling"),
      "moved": Words("已迁出", "moved away"),
      "deceased": Words("已故", "deceased"),
      "unwilling": Words("本人不愿", "unwilling"),
      "no_answer": Words("敲门无人", "nobody opened"),
      "homebound": Words("不能出门，须上门采", "cannot come, is swabbed at home"),
      "leaking": Words("渗漏", "leaking"),
      "unreadable": Words("条码无法识别", "unreadable"),
      "lost": Words("遗失", "lost"),
      "damaged": Words("损坏", "damaged"),
      "mixed": Words("登记混乱", "mixed up"),
      "skipped": Words("机构跳号", "the laboratory skipped the number"),
      "resent": Words("已用别的批号上报", "came under another number"),
      "other_way": Words("已手工录入或用文件导入", "came by hand or in a file"),
    ],
    "screening.decision": [
      "stands": Words("核对无误，全部保留", "all is right as it stands"),
      "keep": Words("以此管为准", "this tube counts"),
      "device": Words("试管归此设备", "the tube is this device’s"),
      "reswab": Words("剔除并重采", "strike out and swab again"),
      "void": Words("作废，管内重采", "void, swab everybody again"),
    ],
    "screening.result": [
      "negative": Words("阴性", "negative"),
      "positive": Words("阳性", "positive"),
      "grey": Words("灰区", "grey zone"),
      "single_target": Words("单靶标", "single target"),
      "invalid": Words("无效", "invalid"),
    ],
    "proofs.kind": [
      "photo": Words("照片", "photograph"),
      "signature": Words("签名", "signature"),
      "slip": Words("出示凭条", "slip shown"),
    ],
    "devices.cause": [
      "refused": Words("未被接受", "refused"),
      "revoked": Words("设备已撤销", "device revoked"),
      "unreadable": Words("无法读取", "could not be read"),
    ],
    "devices.outcome": [
      "entered": Words("已补录", "entered"),
      "again": Words("重新上传", "sent again"),
      "dropped": Words("不再补录", "dropped"),
    ],
    "factors.by": [
      "code": Words("动态验证码", "code by time"),
      "passkey": Words("通行密钥", "passkey"),
      "recoveryCode": Words("恢复码", "recovery code"),
    ],
    "accounts.by": [
      "password": Words("密码", "password"),
      "link": Words("一次性链接", "one-time link"),
      "invitation": Words("邀请条", "invitation"),
    ],
    "decisions.what": [
      "zone": Words("风险区", "a zone"),
      "contacts": Words("密接", "contacts"),
      "restrictions": Words("管控", "restrictions"),
    ],
  ]
}
