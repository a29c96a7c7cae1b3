console.log('instead of: ' + process.env.INPUT_SCRIPT);
