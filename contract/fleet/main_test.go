package fleet_test

import (
	"os"
	"testing"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

func TestMain(m *testing.M) { os.Exit(broker.Main(m)) }
