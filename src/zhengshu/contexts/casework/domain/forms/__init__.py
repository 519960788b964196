"""Forms as pure functions: what a form-js file says, what it shows for some answers, and what is wrong with them.

`reading` makes a frozen `Form` of a `.form.json`; `evaluating` tells what is visible, computed and faulty for
answers; `compiling` writes the same rules for the browser; `checking` names what a file must not contain; `places`
knows which answers a form can have at all.
"""
