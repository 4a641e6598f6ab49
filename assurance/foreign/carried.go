//go:build carried

package main

// Carries vectors as files, which tests read from the module's folder (go list -m): compiled in, they would be a hundred megabytes.
import _ "github.com/c2sp/wycheproof"
