console.log('before ' + process.env.INPUT_NAME);
console.log('##vso[task.settaskvariable variable=kept]' + process.env.INPUT_NAME + ' kept');
console.log('##vso[task.setvariable variable=ready]yes');
