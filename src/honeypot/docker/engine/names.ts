/** Names for containers that nobody named: an adjective and somebody notable, as docker chooses them. */

const adjectives =
  'admiring adoring affectionate agitated amazing angry awesome beautiful blissful bold boring brave busy charming clever cool compassionate competent condescending confident cranky crazy dazzling determined distracted dreamy eager ecstatic elastic elated elegant eloquent epic exciting fervent festive flamboyant focused friendly frosty funny gallant gifted goofy gracious great happy hardcore heuristic hopeful hungry infallible inspiring interesting intelligent jolly jovial keen kind laughing loving lucid magical mystifying modest musing naughty nervous nice nifty nostalgic objective optimistic peaceful pedantic pensive practical priceless quirky quizzical recursing relaxed reverent romantic sad serene sharp silly sleepy stoic strange stupefied suspicious sweet tender thirsty trusting unruffled upbeat vibrant vigilant vigorous wizardly wonderful xenodochial youthful zealous zen'.split(
    ' ',
  );
const people =
  'agnesi albattani allen almeida archimedes aryabhata austin babbage banach bardeen bartik bassi bell benz bhabha black blackburn blackwell bohr booth borg bose brahmagupta brattain brown buck burnell cannon carson cartwright cerf chandrasekhar clarke colden cori cray curie curran darwin davinci dewdney dhawan diffie dijkstra dirac driscoll dubinsky easley edison einstein elbakyan elion ellis engelbart euclid euler faraday feistel fermat fermi feynman franklin gagarin galileo galois gates gauss germain goldberg goldstine goldwasser golick goodall gould greider grothendieck haibt hamilton haslett hawking heisenberg hellman hermann herschel hertz heyrovsky hodgkin hofstadter hoover hopper hugle hypatia jackson jang jemison jennings jepsen johnson joliot jones kalam kapitsa kare keldysh keller kepler khayyam khorana kilby kirch knuth kowalevski lalande lamarr lamport leakey leavitt lederberg lehmann lewin lichterman liskov lovelace lumiere mahavira margulis matsumoto maxwell mayer mccarthy mcclintock mclaren mclean mcnulty meitner mendel mendeleev meninsky merkle mestorf mirzakhani montalcini moore morse moser murdock napier nash neumann newton nightingale nobel noether northcutt noyce panini pare pascal pasteur payne perlman pike poincare poitras proskuriakova ptolemy raman ramanujan rhodes ride ritchie robinson roentgen rosalind rubin saha sammet sanderson satoshi shamir shannon shaw shirley shockley shtern sinoussi snyder solomon spence stonebraker sutherland swanson swartz swirles taussig tereshkova tesla tharp thompson torvalds tu turing varahamihira vaughan villani visvesvaraya volhard wescoff wilbur wiles williams williamson wilson wing wozniak wright wu yalow yonath zhukovsky'.split(
    ' ',
  );

/** What a container may be called; a name of one character is refused as well. */
export const nameForm = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** @param pick chooses, by chance where it is not told */
export function randomName(
  isTaken: (name: string) => boolean,
  pick: (list: readonly string[]) => string = byChance,
): string {
  for (let attempt = 0; attempt < 6; attempt++) {
    const name = `${pick(adjectives)}_${pick(people)}`;
    // Docker itself leaves this one out: Steve Wozniak is not boring.
    if (name !== 'boring_wozniak' && !isTaken(name)) return name;
  }
  return `${pick(adjectives)}_${pick(people)}${Math.floor(Math.random() * 10)}`;
}

function byChance(list: readonly string[]): string {
  return list[Math.floor(Math.random() * list.length)]!;
}
