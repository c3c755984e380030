/// A small district in a bottle.
