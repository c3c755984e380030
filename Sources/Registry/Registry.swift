/// People, households, places and offices: who lives where, and who is in charge.
package enum Registry {}
