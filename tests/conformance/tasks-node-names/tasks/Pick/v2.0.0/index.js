const { Major, Minor, Patch } = require('./task.json').version; console.log([Major, Minor, Patch].join('.'));
