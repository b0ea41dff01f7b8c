package deploy

import "flag"

var (
	update  = flag.Bool("update", false, "write NOTICE anew")
	release = flag.Bool("release", false, "build a release and an image (needs buildah and curl)")

	actionTools = flag.String("actions", "",
		"run workflows, jobs and hooks of other CIs with pre-commit and check-jsonschema in this `FOLDER` (make test-actions)")
)
