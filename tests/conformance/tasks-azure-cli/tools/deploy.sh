echo "to $1 in ${PWD##*/} as $servicePrincipalId of $tenantId"
