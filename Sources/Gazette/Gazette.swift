/// The facts that families publish to each other, and nothing else.
package enum Gazette {}
