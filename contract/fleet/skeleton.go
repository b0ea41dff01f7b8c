package fleet

import (
	_ "github.com/prometheus/client_golang/prometheus"
	_ "github.com/quotaspec/quotaspec/contract/verify"
	_ "github.com/spf13/cobra"
	_ "github.com/twmb/franz-go/pkg/kadm"
	_ "github.com/twmb/franz-go/pkg/kgo"
)
