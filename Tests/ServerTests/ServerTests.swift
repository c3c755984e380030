import Testing

@testable import Server

@Suite("Server") struct ServerTests {}
