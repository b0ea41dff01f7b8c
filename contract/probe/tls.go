package probe

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// ErrCertificate is the error of a provider whose certificate is not trusted. Another attempt would not help.
var ErrCertificate = errors.New("the certificate is not trusted")

// DescribeTLS names what is wrong with a TLS handshake: which date, host or authority of the certificate, or which message
// the provider sent. It returns any other error unchanged.
//
//	the certificate is not trusted: it expired on 2026-01-31
//	the certificate is not trusted: it is for a.example.com, not for localhost
func DescribeTLS(err error) error {
	alert, isAlert := alertOf(err)
	fault, isFault := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case isFault:
		return fmt.Errorf("%w: %s", ErrCertificate, certificateFault(fault))
	case strings.Contains(alert, "certificate required"), strings.Contains(alert, "bad certificate"):
		return errors.New("the provider asks for a client certificate, which quotaspec cannot send")
	case strings.Contains(alert, "version"), err != nil && strings.Contains(err.Error(), "unsupported versions"):
		return errors.New("the provider supports neither TLS 1.2 nor TLS 1.3")
	case isAlert:
		return fmt.Errorf("the provider refused the handshake: %s", alert)
	}
	return err
}

// alertOf returns the text of an alert that the provider sent. The alerts of package tls have no type that others can name.
func alertOf(err error) (alert string, is bool) {
	op, isOp := errors.AsType[*net.OpError](err)
	if !isOp || op.Op != "remote error" {
		return "", false
	}
	return strings.TrimPrefix(op.Err.Error(), "tls: "), true
}

// certificateFault says what is wrong with the first certificate that was presented.
func certificateFault(fault *tls.CertificateVerificationError) string {
	host, isHost := errors.AsType[x509.HostnameError](fault.Err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](fault.Err)
	unknown, isUnknown := errors.AsType[x509.UnknownAuthorityError](fault.Err)
	switch {
	case isHost:
		return fmt.Sprintf("it is for %s, not for %s", namesOf(host.Certificate), host.Host)
	case isInvalid && invalid.Reason == x509.Expired:
		if now := time.Now(); now.Before(invalid.Cert.NotBefore) {
			return fmt.Sprintf("it is valid only from %s on", invalid.Cert.NotBefore.Format(time.DateOnly))
		}
		return fmt.Sprintf("it expired on %s", invalid.Cert.NotAfter.Format(time.DateOnly))
	case isUnknown && isSelfSigned(fault.UnverifiedCertificates):
		return "it is self-signed: name its file as ca in the config"
	case isUnknown && unknown.Cert != nil:
		return fmt.Sprintf("its authority %q is unknown: name the authority's file as ca in the config",
			authority(unknown.Cert))
	}
	return strings.TrimPrefix(fault.Err.Error(), "x509: ")
}

// isSelfSigned reports whether the provider presented one certificate, which names itself as its issuer.
func isSelfSigned(chain []*x509.Certificate) bool {
	return len(chain) == 1 && bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject)
}

func authority(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" {
		return c.Issuer.CommonName
	}
	return c.Issuer.String()
}

// namesOf lists the hosts of a certificate, at most four of them.
func namesOf(c *x509.Certificate) string {
	const most = 4
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "no host"
	case len(names) > most:
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
