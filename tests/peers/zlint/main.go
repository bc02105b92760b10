// Prints what zlint says of every certificate and CRL in a directory, PEM or DER: one JSON document a line with the file, its
// DER in base64, and the result of each lint that applies. What zlint cannot read is left out.
package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	"github.com/zmap/zlint/v3/lint"
)

type verdicts struct {
	File    string            `json:"file"`
	DER     []byte            `json:"der"`
	Results map[string]string `json:"results"`
}

func judge(der []byte, isList bool) *zlint.ResultSet {
	if certificate, err := x509.ParseCertificate(der); err == nil && !isList {
		return zlint.LintCertificate(certificate)
	}
	if list, err := x509.ParseRevocationList(der); err == nil {
		return zlint.LintRevocationList(list)
	}
	return nil
}

func main() {
	out := json.NewEncoder(os.Stdout)
	directory := os.Args[1]
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		der, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		isList := false
		if begin := bytes.Index(der, []byte("-----BEGIN")); begin >= 0 {
			block, _ := pem.Decode(der[begin:])
			if block == nil {
				return nil
			}
			der, isList = block.Bytes, block.Type == "X509 CRL"
		}
		found := judge(der, isList)
		if found == nil {
			return nil
		}
		file, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		results := map[string]string{}
		for name, result := range found.Results {
			if result.Status != lint.NA && result.Status != lint.NE {
				results[name] = result.Status.String()
			}
		}
		return out.Encode(verdicts{file, der, results})
	})
	if err != nil {
		log.Fatal(err)
	}
}
