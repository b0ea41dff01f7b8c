package pattern

// class translates [abc], [^a-z\d] and their like. A class without members matches nothing, [^] any character.
func (t *translator) class() error {
	opened := t.at
	t.at++
	negated := t.take("^")
	var members set
	for !t.take("]") {
		if t.end() {
			t.at = opened
			return t.fault("this class is not closed")
		}
		began := t.at
		first, single, isSet, err := t.member()
		if err != nil {
			return err
		}
		if isSet {
			members = append(members, first...)
			continue
		}
		last := single
		if t.ahead("-") && !t.ahead("-]") {
			hyphen := t.at
			t.at++
			if t.end() {
				continue
			}
			_, end, endIsSet, err := t.member()
			if err != nil {
				return err
			}
			if endIsSet { // the hyphen of [a-\d] stands for itself
				t.at = hyphen
			} else {
				last = end
			}
		}
		if last < single {
			t.at = began
			return t.fault("the range ends before it begins")
		}
		members = append(members, span{single, last})
	}
	if negated {
		members = members.complement()
	}
	members.write(&t.out)
	return nil
}

// member reads a character of a class, or an escape that stands for a set.
func (t *translator) member() (members set, single rune, isSet bool, err error) {
	if t.take(`\b`) {
		return nil, '\b', false, nil
	}
	if t.ahead(`\`) {
		return t.escaped()
	}
	t.at++
	return nil, t.source[t.at-1], false, nil
}
