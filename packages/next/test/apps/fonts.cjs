// Stands in for fonts.googleapis.com where a machine cannot reach it: Next.js' own switch for tests, NEXT_FONT_GOOGLE_MOCKED_RESPONSES.
const face = (family) =>
  `@font-face { font-family: '${family}'; font-style: normal; font-weight: 100 900; font-display: swap; src: local('Arial'); }`

module.exports = Object.fromEntries(
  ['Geist', 'Geist Mono'].map((family) => [
    `https://fonts.googleapis.com/css2?family=${family.replace(' ', '+')}:wght@100..900&display=swap`,
    face(family),
  ]),
)
