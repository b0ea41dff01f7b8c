package probe

// Bytes returns the bytes that Run sends for a probe.
func (t Target) Bytes(p Probe, principal Principal) ([]byte, error) {
	r, err := t.request(p, principal)
	return encode(r), err
}
