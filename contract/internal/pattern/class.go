package pattern

// class translates a class such as [abc] or [^a-z\d]. The empty class [] matches nothing, and [^] any character.
func (t *translator) class() error {
	opened := t.at
	t.at++
	negated := t.accept("^")
	var members set
	for !t.accept("]") {
		if t.end() {
			t.at = opened
			return t.errorf("this class is not closed")
		}
		began := t.at
		first, isSet, err := t.member()
		if err != nil {
			return err
		}
		if !isSet && t.isNext("-") && !t.isNext("-]") {
			hyphen := t.at
			t.at++
			if t.end() {
				continue
			}
			last, isSet, err := t.member()
			switch {
			case err != nil:
				return err
			case isSet: // the hyphen of [a-\d] stands for itself
				t.at = hyphen
			case last[0].last < first[0].first:
				t.at = began
				return t.errorf("the range ends before it begins")
			default:
				first[0].last = last[0].last
			}
		}
		members = append(members, first...)
	}
	if negated {
		members = members.complement()
	}
	members.write(&t.out)
	return nil
}

// member reads one character of a class, or an escape that stands for a set.
func (t *translator) member() (members set, isSet bool, err error) {
	if t.accept(`\b`) {
		return only('\b'), false, nil
	}
	if t.isNext(`\`) {
		return t.memberEscape()
	}
	return only(t.next()), false, nil
}
