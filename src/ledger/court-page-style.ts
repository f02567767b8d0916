/** For paper first: A4, black on white, nothing that has to be fetched. */
export const pageStyle = `
@page { size: A4; margin: 18mm 16mm; }
body { font: 10pt/1.45 "Noto Serif", "Noto Serif CJK SC", "Songti SC", "SimSun", Georgia, serif; color: #111; background: #fff;
  max-width: 178mm; margin: 0 auto; }
h1 { font-size: 18pt; margin: 0 0 4mm; } h2 { font-size: 13pt; margin: 9mm 0 3mm; border-bottom: .4pt solid #111; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; } h2, h3 { break-after: avoid; }
dl { display: grid; grid-template-columns: 38mm 1fr; gap: .6mm 3mm; margin: 0 0 3mm; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
article { break-inside: avoid; border-top: .3pt solid #aaa; padding-top: 1mm; margin-bottom: 3mm; }
blockquote { margin: 1mm 0 2mm; padding: 2mm 3mm; border-left: 1.2pt solid #111; background: #f6f6f6; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; } .subject { font-weight: bold; margin: 0 0 1mm; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; } thead { display: table-header-group; }
th { text-align: left; border-bottom: .6pt solid #111; } th, td { padding: .8mm 2mm .8mm 0; vertical-align: top; }
td { border-bottom: .2pt solid #ccc; overflow-wrap: anywhere; } tr { break-inside: avoid; }
code, .hashes td:last-child { font: 7.5pt/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.rules td:first-child { width: 38mm; }
.hashes td:nth-child(1) { width: 8mm; } .hashes td:nth-child(2) { width: 38mm; } .hashes td:nth-child(3) { width: 40mm; }
`;
