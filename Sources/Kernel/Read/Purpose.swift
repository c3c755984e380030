/// Why somebody's data is read. A closed list: nothing else is a reason (PROMISES 7).
package enum Purpose: String, Codable, CaseIterable, Sendable {
  case investigation
  case containment
  case fieldwork
  case registry
  case bulletin
  case supervision
  case objection
  case exchange
  case audit
  case ownFile

  /// What the person concerned reads.
  package var words: Words {
    switch self {
    case .investigation: Words("流行病学调查", "Case investigation")
    case .containment: Words("管控与解除", "Restriction and release")
    case .fieldwork: Words("上门服务与随访", "Visits at the door")
    case .registry: Words("居民台账维护", "Keeping the register")
    case .bulletin: Words("疫情通报", "The day's bulletin")
    case .supervision: Words("督办与调度", "Supervision")
    case .objection: Words("异议复核", "Deciding an objection")
    case .exchange: Words("台账导出", "Export of a list")
    case .audit: Words("审计", "Audit")
    case .ownFile: Words("本人查看", "The person themself")
    }
  }
}
