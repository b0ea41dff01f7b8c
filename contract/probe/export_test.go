package probe

// Bytes are what is sent for a probe.
func (t Target) Bytes(p Probe, who Principal) ([]byte, error) {
	r, err := t.request(p, who)
	return wire(r), err
}
