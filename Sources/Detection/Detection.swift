/// Finding the outbreak: cases, who was near them, screening, warning.
package enum Detection {}
