// What a phone adds to a proof: a photograph, a signature, the code of a slip.

/** Adds the ways of proving to forms that ask for a proof. */
export function describe() {}

/** The commands that go along with a form: its photographs and signatures. */
export async function prepare() {
  return [];
}
