package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"

	"github.com/google/go-tpm/tpm2"
)

// evidence is what docs/spec/tpm.md, section 2, has.
type evidence struct {
	Attestation    []byte  `json:"attestation"`
	AttestationKey []byte  `json:"attestationKey"`
	Certificate    *[]byte `json:"endorsementCertificate,omitempty"`
	Key            []byte  `json:"key"`
	Name           string  `json:"name"`
	Signature      []byte  `json:"signature"`
	TPM            struct {
		Firmware     string `json:"firmware"`
		Manufacturer string `json:"manufacturer"`
	} `json:"tpm"`
	Type string `json:"type"`
}

type tpmVector struct {
	Evidence           []byte
	AttestationKeyName string
	Key                []byte
	Challenge          string
	Expect             string
}

// form stands for each code of an object, or of a structure in it, that cannot be read: which one is our parser's to say.
const form = "form"

var forms = map[string]bool{
	"tpm-evidence-size": true, "tpm-evidence-format": true, "tpm-structure": true, "tpm-key-type": true, "tpm-name-algorithm": true,
	"tpm-point": true, "json-not-canonical": true, "member-unknown": true, "member-missing": true,
}

type refusal string

func (r refusal) Error() string { return string(r) }

func require(holds bool, code string) error {
	if !holds {
		return refusal(code)
	}
	return nil
}

// tpmVectors judges each vector of a folder by go-tpm's structures and crypto/ecdsa.
func tpmVectors(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		return errors.Join(err, fmt.Errorf("no vectors in %s", folder))
	}
	var wrong []error
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var vector tpmVector
		if err := json.Unmarshal(text, &vector); err != nil {
			return err
		}
		expect := vector.Expect
		if forms[expect] {
			expect = form
		}
		if found := judge(vector); found != expect {
			wrong = append(wrong, fmt.Errorf("%s: %s, and not %s", filepath.Base(file), found, expect))
		}
	}
	fmt.Printf("%d vectors\n", len(files))
	return errors.Join(wrong...)
}

func judge(vector tpmVector) string {
	err := check(vector)
	var code refusal
	switch {
	case err == nil:
		return "accept"
	case errors.As(err, &code):
		return string(code)
	default:
		return form
	}
}

func check(vector tpmVector) error {
	found, err := read(vector.Evidence)
	if err != nil {
		return err
	}
	signer, name, err := public(found.AttestationKey)
	if err != nil {
		return err
	}
	if err := require(name == vector.AttestationKeyName, "tpm-attestation-key"); err != nil {
		return err
	}
	has := signer.ObjectAttributes
	if err := require(resident(has) && has.Restricted && has.SignEncrypt && !has.Decrypt && signs(signer), "tpm-attestation-key-free"); err != nil {
		return err
	}
	if err := require(verifies(signer, found.Attestation, found.Signature), "tpm-attestation-signature"); err != nil {
		return err
	}
	return certified(found, vector)
}

func certified(found evidence, vector tpmVector) error {
	if len(found.Attestation) >= 6 {
		if err := require(bytes.HasPrefix(found.Attestation, []byte{0xff, 'T', 'C', 'G'}), "tpm-magic"); err != nil {
			return err
		}
		if err := require(bytes.Equal(found.Attestation[4:6], []byte{0x80, 0x17}), "tpm-attestation-type"); err != nil {
			return err
		}
	}
	attest, err := whole[tpm2.TPMSAttest](found.Attestation, 512)
	if err != nil {
		return err
	}
	challenge, err := hex.DecodeString(vector.Challenge)
	if err != nil {
		return err
	}
	if err := require(bytes.Equal(attest.ExtraData.Buffer, challenge), "tpm-challenge"); err != nil {
		return err
	}
	key, name, err := public(found.Key)
	if err != nil {
		return err
	}
	said, err := attest.Attested.Certify()
	if err != nil {
		return err
	}
	if err := require(hex.EncodeToString(said.Name.Buffer) == name && name == found.Name, "tpm-name"); err != nil {
		return err
	}
	point, err := pointOf(key)
	if err != nil {
		return err
	}
	if err := require(bytes.Equal(elliptic.MarshalCompressed(elliptic.P256(), point.X, point.Y), vector.Key), "tpm-other-key"); err != nil {
		return err
	}
	has := key.ObjectAttributes
	if err := require(resident(has), "tpm-key-moves"); err != nil {
		return err
	}
	return require(has.SignEncrypt && !has.Restricted && !has.Decrypt && signs(key), "tpm-key-use")
}

// read takes the object in the one form that it has.
func read(text []byte) (evidence, error) {
	var found evidence
	if len(text) > 16_384 {
		return found, errors.New("too large")
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&found); err != nil {
		return found, err
	}
	again, err := json.Marshal(found)
	if err != nil || !bytes.Equal(again, text) {
		return found, errors.New("not as it would be written")
	}
	sound := found.Type == "https://jurat.dev/tpm-evidence/v1" &&
		regexp.MustCompile("^[0-9a-f]{68}$").MatchString(found.Name) &&
		regexp.MustCompile("^[ -~]{1,4}$").MatchString(found.TPM.Manufacturer) &&
		regexp.MustCompile("^[0-9a-f]{16}$").MatchString(found.TPM.Firmware) &&
		(found.Certificate == nil || (len(*found.Certificate) > 0 && len(*found.Certificate) <= 8192))
	if !sound {
		return found, errors.New("a member is out of form")
	}
	return found, nil
}

// whole reads a structure, and that it is all there is.
func whole[T tpm2.Marshallable, P interface {
	*T
	tpm2.Unmarshallable
}](data []byte, most int) (*T, error) {
	if len(data) > most {
		return nil, errors.New("too large")
	}
	read, err := tpm2.Unmarshal[T, P](data)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(tpm2.Marshal(*read), data) {
		return nil, errors.New("not as it would be written")
	}
	return read, nil
}

func public(data []byte) (*tpm2.TPMTPublic, string, error) {
	area, err := whole[tpm2.TPMTPublic](data, 256)
	if err != nil {
		return nil, "", err
	}
	if _, err := pointOf(area); err != nil {
		return nil, "", err
	}
	name, err := tpm2.ObjectName(area)
	if err != nil {
		return nil, "", err
	}
	return area, hex.EncodeToString(name.Buffer), nil
}

// pointOf is the point of a P-256 key whose name is made with SHA-256, and which signs by ECDSA or by what it is asked for.
func pointOf(area *tpm2.TPMTPublic) (*ecdsa.PublicKey, error) {
	detail, err := area.Parameters.ECCDetail()
	if err != nil {
		return nil, err
	}
	scheme := detail.Scheme.Scheme
	known := area.NameAlg == tpm2.TPMAlgSHA256 && detail.CurveID == tpm2.TPMECCNistP256 && detail.KDF.Scheme == tpm2.TPMAlgNull &&
		(scheme == tpm2.TPMAlgECDSA || scheme == tpm2.TPMAlgNull)
	unique, err := area.Unique.ECC()
	if err != nil || !known || len(unique.X.Buffer) > 32 || len(unique.Y.Buffer) > 32 {
		return nil, errors.Join(err, errors.New("another kind of key"))
	}
	point := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(unique.X.Buffer), Y: new(big.Int).SetBytes(unique.Y.Buffer)}
	if _, err := point.ECDH(); err != nil {
		return nil, err
	}
	return point, nil
}

func resident(has tpm2.TPMAObject) bool {
	return has.FixedTPM && has.FixedParent && has.SensitiveDataOrigin
}

func signs(area *tpm2.TPMTPublic) bool {
	detail, err := area.Parameters.ECCDetail()
	if err != nil || detail.Scheme.Scheme != tpm2.TPMAlgECDSA {
		return false
	}
	by, err := detail.Scheme.Details.ECDSA()
	return err == nil && by.HashAlg == tpm2.TPMAlgSHA256
}

func verifies(area *tpm2.TPMTPublic, message, signature []byte) bool {
	point, err := pointOf(area)
	if err != nil || len(signature) != 64 {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	half := new(big.Int).Rsh(elliptic.P256().Params().N, 1)
	digest := sha256.Sum256(message)
	return s.Cmp(half) <= 0 && ecdsa.Verify(point, digest[:], r, s)
}
