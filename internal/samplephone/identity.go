package samplephone

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// identity is a key and the certificate for it.
type identity struct {
	key *rsa.PrivateKey
	der []byte
}

// pairing is the key material of the made-up computer and its phones.
type pairing struct{ root, host, device identity }

// identities makes the key material once for the whole process: RSA with 2048
// bits, as phones have it, takes most of a second.
var identities = sync.OnceValues(newPairing)

// strangers is the key material of another computer, for a phone that shows a
// wrong certificate.
var strangers = sync.OnceValues(newPairing)

func newPairing() (p pairing, err error) {
	if p.root, err = newIdentity(nil); err != nil {
		return p, err
	}
	if p.host, err = newIdentity(&p.root); err != nil {
		return p, err
	}
	p.device, err = newIdentity(&p.root)
	return p, err
}

// newIdentity makes an identity, signed by another or, without one, by itself.
// Its form is that of the certificates which libimobiledevice and usbmuxd
// make: version 3, serial 0, no names, SHA-256, ten years.
func newIdentity(by *identity) (identity, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return identity{}, fmt.Errorf("samplephone: key: %w", err)
	}
	from := time.Now().Add(-24 * time.Hour)
	form := &x509.Certificate{
		SerialNumber:          big.NewInt(0),
		NotBefore:             from,
		NotAfter:              from.AddDate(10, 0, 0),
		BasicConstraintsValid: true,
		IsCA:                  by == nil,
	}
	signer := key
	if by == nil {
		form.KeyUsage = x509.KeyUsageCertSign
	} else {
		form.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
		signer = by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, signer)
	if err != nil {
		return identity{}, fmt.Errorf("samplephone: certificate: %w", err)
	}
	return identity{key, der}, nil
}

func (i identity) certificate() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{i.der}, PrivateKey: i.key}
}

// certificatePEM and keyPEM are the two halves as a pair record holds them.
func (i identity) certificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.der})
}

func (i identity) keyPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(i.key)})
}
