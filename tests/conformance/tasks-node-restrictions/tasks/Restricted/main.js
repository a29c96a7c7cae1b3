for (const line of [
  "##vso[task.setvariable variable=ok1]1",
  "##vso[task.setvariable variable=both]2",
  "##vso[task.setvariable variable=other]3",
  "##vso[build.addbuildtag]nope",
  "##vso[task.prependpath]/nope",
  "##vso[task.logissue type=warning]said",
]) console.log(line);
