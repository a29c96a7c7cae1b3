const tl = require('azure-pipelines-task-lib/task');
console.log(`after ${tl.getInput('name', true)} ${tl.getTaskVariable('kept')} ${tl.getVariable('Agent.JobStatus')}`);
