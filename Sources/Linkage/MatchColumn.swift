/// What a column of a list of people says; the words of `--match`.
package enum MatchColumn: String, CaseIterable, Sendable {
  case givenName = "given_name"
  case surname
  case name
  case sex
  case birthDate = "birth_date"
  case identity
  case phone
  case address
  case locality
  case postcode
}
