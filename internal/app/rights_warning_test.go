package app_test

// warningAsks ask for what is amiss and what is owed.
func warningAsks() map[string]asking {
	const (
		one   = "/organizations/{organization}"
		paths = "/organizations/{organization_id}"
	)
	return map[string]asking{
		"GET /warnings":                      reading("/warnings?organization_id={organization}&from=2018-01&to=2018-06"),
		"GET /me/duties":                     reading("/me/duties?month=2018-05"),
		"GET " + paths + "/compliance":       reading(one + "/compliance?from=2018-01&to=2018-06"),
		"GET " + paths + "/missing-records":  reading(one + "/missing-records?from=2018-01&to=2018-06"),
		"GET " + paths + "/awaiting-records": reading(one + "/awaiting-records"),
	}
}
