package broker

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// CA is the file of the certificate that has signed the broker's, in PEM. No system trusts it.
func (b *Broker) CA() string { return b.cluster.file("ca.pem") }

// ClientCertificate are the files of a certificate that TLSAddr lets in, and of its key, in PEM.
func (b *Broker) ClientCertificate() (certificate, key string) {
	return b.cluster.file("client.pem"), b.cluster.file("client-key.pem")
}

// writeCertificates makes a certificate authority, and certificates by it for the brokers and for a client.
func (c *cluster) writeCertificates(tb testing.TB) {
	tb.Helper()
	authority := certificate(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority of a test"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
	server := certificate(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "broker"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, authority)
	client := certificate(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority)
	c.write(tb, "ca.pem", authority.text)
	c.write(tb, "broker.pem", append(server.keyText, server.text...))
	c.write(tb, "client.pem", client.text)
	c.write(tb, "client-key.pem", client.keyText)
}

// pair is a certificate and its key, parsed and in PEM.
type pair struct {
	certificate   *x509.Certificate
	key           *ecdsa.PrivateKey
	text, keyText []byte
}

// certificate makes a key, and a certificate for it that issuer signs, or it itself without issuer.
func certificate(tb testing.TB, template *x509.Certificate, issuer *pair) *pair {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	made := &pair{certificate: template, key: key}
	if issuer == nil {
		issuer = made
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, &key.PublicKey, issuer.key)
	if err != nil {
		tb.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	made.text = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	made.keyText = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	return made
}
