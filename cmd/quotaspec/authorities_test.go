package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// TestCertificateAuthorities tests that the command trusts certificate authorities where the system has none, as in the image. It
// runs itself again, since a process reads those of the system once.
func TestCertificateAuthorities(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems always have some")
	}
	const none = "/nonexistent"
	if os.Getenv("SSL_CERT_FILE") != none {
		again := exec.Command(os.Args[0], "-test.run=^TestCertificateAuthorities$")
		again.Env = append(os.Environ(), "SSL_CERT_FILE="+none, "SSL_CERT_DIR="+none)
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	authorities, err := x509.SystemCertPool()
	if err != nil {
		t.Fatal(err)
	}
	if authorities.Equal(x509.NewCertPool()) {
		t.Error("there are none")
	}
}
