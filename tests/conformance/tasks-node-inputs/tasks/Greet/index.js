const input = (name) => process.env['INPUT_' + name.toUpperCase()];
const path = require('path');
const here = process.env.SYSTEM_DEFAULTWORKINGDIRECTORY;
console.log(`${input('word')} ${input('who')} ${input('loud')}`);
console.log(path.relative(here, input('file')));
console.log(input('folder') === here ? 'an empty path is the working directory' : input('folder'));
console.log(input('extra'));
console.log(process.cwd() === here);
