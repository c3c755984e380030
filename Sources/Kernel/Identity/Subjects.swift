/// What identifiers name. Empty types that keep one kind of identifier from passing for another.
package enum PersonTag {}
/// One natural person.
package enum PlaceTag {}
/// A place, from the city down to a door.
package enum CaseTag {}
/// An infection that was reported.
package enum AccountTag {}
/// An account that signs in.
package enum CommandTag {}
/// A command on its way.
package enum ObligationTag {}
/// Something owed.
package enum ContactTag {}
/// A contact of a case.
package enum RestrictionTag {}
/// A limit on a person.
package enum VisitTag {}
/// Somebody's presence at a venue.
package enum ObjectionTag {}

package typealias PersonID = ID<PersonTag>
package typealias PlaceID = ID<PlaceTag>
package typealias CaseID = ID<CaseTag>
package typealias AccountID = ID<AccountTag>
package typealias CommandID = ID<CommandTag>
package typealias ObligationID = ID<ObligationTag>
package typealias ContactID = ID<ContactTag>
package typealias RestrictionID = ID<RestrictionTag>
package typealias VisitID = ID<VisitTag>
package typealias ObjectionID = ID<ObjectionTag>
