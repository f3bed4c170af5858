package phone

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"

	"howett.net/plist"
)

// mostRecord bounds a pair record in bytes; those seen have 13 kB.
const mostRecord = 256 << 10

// pairRecord is what this computer and a phone agreed on when they were paired.
// It is a secret: it is kept for a handshake, and shows itself to nobody. The
// keys of it that are not needed, the escrow bag above all, are not taken.
type pairRecord struct{ secret *recordFields }

type recordFields struct {
	HostID            text
	SystemBUID        text
	HostCertificate   blob // PEM, as all of them
	HostPrivateKey    blob
	RootCertificate   blob
	DeviceCertificate blob
}

const withheld = "pair record (withheld)"

// String says that there is one, and no more.
func (pairRecord) String() string { return withheld }

// GoString says that there is one, and no more.
func (pairRecord) GoString() string { return withheld }

// LogValue says that there is one, and no more.
func (pairRecord) LogValue() slog.Value { return slog.StringValue(withheld) }

// readRecord reads a pair record, which the daemon hands out as the file that
// it has: XML or binary, as its system writes it.
func readRecord(raw []byte) (pairRecord, error) {
	r := recordFields{}
	if len(raw) > mostRecord {
		return pairRecord{}, errBadRecord
	}
	var err error
	if bytes.HasPrefix(raw, []byte("bplist")) {
		err = unmarshal(raw, plist.BinaryFormat, &r)
	} else {
		err = decode(raw, &r)
	}
	if err != nil || r.HostID == "" || len(r.HostCertificate) == 0 || len(r.HostPrivateKey) == 0 {
		return pairRecord{}, errBadRecord
	}
	return pairRecord{&r}, nil
}

// tlsConfig makes what the handshake with the phone needs. other reports, after
// it, that the phone's certificate is none that the record vouches for; strict
// refuses such a phone.
func (p pairRecord) tlsConfig(strict bool) (config *tls.Config, other *bool, err error) {
	host, err := tls.X509KeyPair(p.secret.HostCertificate, p.secret.HostPrivateKey)
	if err != nil {
		return nil, nil, errBadRecord // its text could speak of the key
	}
	other = new(bool)
	return &tls.Config{
		// Both sides sign for themselves and carry no names: there is nothing
		// that the usual check could go by. VerifyConnection does the real one.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			*other = !p.vouchesFor(state.PeerCertificates)
			if *other && strict {
				return errNotTrusted
			}
			return nil
		},
		// Without asking which authorities the phone names: it names none of ours.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &host, nil },
		MinVersion:           tls.VersionTLS10, // all that a phone with iOS 9 or older has
	}, other, nil
}

// vouchesFor reports whether the record names the certificate that the phone
// showed, or its key, or signed it.
func (p pairRecord) vouchesFor(shown []*x509.Certificate) bool {
	if len(shown) == 0 {
		return false
	}
	leaf := shown[0]
	if own, err := certificate(p.secret.DeviceCertificate); err == nil &&
		(bytes.Equal(own.Raw, leaf.Raw) || bytes.Equal(own.RawSubjectPublicKeyInfo, leaf.RawSubjectPublicKeyInfo)) {
		return true
	}
	root, err := certificate(p.secret.RootCertificate)
	return err == nil && root.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil
}

func certificate(text blob) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errBadRecord
	}
	return x509.ParseCertificate(block.Bytes)
}
