console.log('main ' + process.env.VSTS_TASKVARIABLE_KEPT);
console.log('##vso[task.settaskvariable variable=kept]changed');
