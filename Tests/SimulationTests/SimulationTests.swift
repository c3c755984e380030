import Testing

@Suite("SimulationTests") struct SimulationTests {}
