console.log('after ' + process.env.INPUT_NAME + ' ' + process.env.VSTS_TASKVARIABLE_KEPT + ' ' + process.env.AGENT_JOBSTATUS);
