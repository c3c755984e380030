/// Passkeys at the door (Web Authentication Level 2): what a browser is asked for and what it answers. The
/// registry judges it; the server only carries it.
package struct PasskeyDoor: Sendable {
  /// The address under which a browser sees the district. A passkey belongs to its host and answers to no
  /// other (WebAuthn Level 2, §5.1.3 step 7 and §13.4.9).
  package struct Site: Sendable {
    /// `https://district.example`, as the browser writes it.
    package let origin: String
    /// The host alone: the identifier of the relying party.
    package let relyingParty: String

    /// Nil where browsers keep no passkeys: without encryption, but for this machine itself, and at an
    /// address of numbers.
    package init?(origin written: String) {
      var origin = written.lowercased()
      while origin.hasSuffix("/") { origin.removeLast() }
      let scheme = origin.prefix { $0 != ":" }
      guard origin.dropFirst(scheme.count).hasPrefix("://") else { return nil }
      let rest = origin.dropFirst(scheme.count + 3)
      let host = rest.prefix { $0 != ":" }
      let port = rest.dropFirst(host.count)
      guard !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost),
        port.isEmpty || UInt16(port.dropFirst()) != nil,
        host.contains(where: \.isLetter), !host.hasPrefix("."), !host.hasSuffix(".")
      else { return nil }
      let isOwn = host == "localhost" || host.hasSuffix(".localhost")
      guard scheme == "https" || scheme == "http" && isOwn else { return nil }
      self.origin = origin
      relyingParty = String(host)
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
  }

  /// What a browser is asked: to make a passkey, or to show one.
  package struct Offer: Sendable {
    /// A passkey that the account has.
    package struct Credential: Sendable {
      package let id: [UInt8]
      /// How it is reached, as the browser once said: `usb`, `internal`.
      package let transports: [String]

      package init(id: [UInt8], transports: [String]) {
        self.id = id
        self.transports = transports
      }
    }

    /// 32 bytes of chance that the answer must carry, once.
    package let challenge: [UInt8]
    /// The account as authenticators know it: nothing by which a person is known (§6.4 "user handle").
    package let user: [UInt8]
    package let account: String
    package let title: String
    package let credentials: [Credential]
    package let site: Site
    /// How long the challenge lasts.
    package let milliseconds: Int

    package init(
      challenge: [UInt8], user: [UInt8], account: String, title: String,
      credentials: [Credential], site: Site, milliseconds: Int
    ) {
      self.challenge = challenge
      self.user = user
      self.account = account
      self.title = title
      self.credentials = credentials
      self.site = site
      self.milliseconds = milliseconds
    }
  }

  /// What a browser answers when it has made a passkey (`AuthenticatorAttestationResponse`).
  package struct Registration: Sendable {
    /// `clientDataJSON`.
    package let client: [UInt8]
    /// `attestationObject`.
    package let attestation: [UInt8]
    package let transports: [String]
    /// What its holder calls it.
    package let name: String
    package let site: Site

    package init(
      client: [UInt8], attestation: [UInt8], transports: [String], name: String, site: Site
    ) {
      self.client = client
      self.attestation = attestation
      self.transports = transports
      self.name = name
      self.site = site
    }
  }

  /// What a browser answers when somebody has shown a passkey (`AuthenticatorAssertionResponse`).
  package struct Assertion: Sendable {
    package let credential: [UInt8]
    /// `clientDataJSON`.
    package let client: [UInt8]
    /// `authenticatorData`.
    package let authenticator: [UInt8]
    package let signature: [UInt8]
    /// `userHandle`; empty when the authenticator keeps none.
    package let user: [UInt8]
    package let site: Site

    package init(
      credential: [UInt8], client: [UInt8], authenticator: [UInt8], signature: [UInt8],
      user: [UInt8], site: Site
    ) {
      self.credential = credential
      self.client = client
      self.authenticator = authenticator
      self.signature = signature
      self.user = user
      self.site = site
    }
  }

  /// A passkey as its holder sees it.
  package struct Key: Sendable {
    package let id: String
    package let name: String
    package let madeAt: Instant
    /// When it was shown last; nil before the first time.
    package let lastUsedAt: Instant?
    /// The host at which it answers.
    package let relyingParty: String
    /// Since when it is out of use, because it may have been copied; nil while it is in use.
    package let suspectedAt: Instant?

    package init(
      id: String, name: String, madeAt: Instant, lastUsedAt: Instant?, relyingParty: String,
      suspectedAt: Instant?
    ) {
      self.id = id
      self.name = name
      self.madeAt = madeAt
      self.lastUsedAt = lastUsedAt
      self.relyingParty = relyingParty
      self.suspectedAt = suspectedAt
    }
  }

  /// Asks for one of the passkeys of a session's account.
  package let ask: @Sendable (Redacted<String>, Site) async throws -> Offer
  /// Asks for a new passkey; of whoever has a second factor, that it be shown once more.
  package let begin: @Sendable (Redacted<String>, FactorDoor.Proof?, Site) async throws -> Offer
  /// Takes a new passkey into force.
  package let enrol: @Sendable (Redacted<String>, Registration) async throws -> FactorDoor.Enrolment
  /// Takes one away, by its identifier; the second factor is shown once more.
  package let remove: @Sendable (Redacted<String>, String, FactorDoor.Proof) async throws -> Void

  package init(
    ask: @escaping @Sendable (Redacted<String>, Site) async throws -> Offer,
    begin: @escaping @Sendable (Redacted<String>, FactorDoor.Proof?, Site) async throws -> Offer,
    enrol:
      @escaping @Sendable (Redacted<String>, Registration) async throws -> FactorDoor.Enrolment,
    remove: @escaping @Sendable (Redacted<String>, String, FactorDoor.Proof) async throws -> Void
  ) {
    self.ask = ask
    self.begin = begin
    self.enrol = enrol
    self.remove = remove
  }
}
