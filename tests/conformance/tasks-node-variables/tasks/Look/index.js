const has = (list, name) => JSON.parse(process.env[list]).includes(name);
console.log('public', has('VSTS_PUBLIC_VARIABLES', 'plain'), has('VSTS_SECRET_VARIABLES', 'plain'));
console.log('secret', has('VSTS_PUBLIC_VARIABLES', 'token'), has('VSTS_SECRET_VARIABLES', 'token'));
console.log(process.env.PLAIN, process.env.TOKEN === undefined, process.env.SECRET_TOKEN.length);
console.log(process.env.SECRET_TOKEN);
console.log(!!process.env.AGENT_TEMPDIRECTORY, !!process.env.AGENT_TOOLSDIRECTORY, process.env.SYSTEM_CULTURE);
console.log(process.env.ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION, process.env.OWN);
console.log('##vso[task.setvariable variable=found;isOutput=true]gold');
