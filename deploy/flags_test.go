package deploy

import "flag"

var (
	update  = flag.Bool("update", false, "write NOTICE anew")
	release = flag.Bool("release", false, "build a release and an image (needs buildah and curl)")
)
