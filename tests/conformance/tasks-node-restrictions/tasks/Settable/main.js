console.log("##vso[task.setvariable variable=any]4");
console.log("##vso[build.addbuildtag]good");
