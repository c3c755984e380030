/// Reads and writes the tables that people exchange: CSV in any of the encodings they use, and XLSX.
package enum Spreadsheets {}
