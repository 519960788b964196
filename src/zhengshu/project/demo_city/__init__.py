"""The demonstration city: a fictional city's departments, their officials, and the data that they would have.

- `content` reads `packs/demo-city`, where everything that can be said in words is said;
- `people` and `enterprises` draw who lives and trades there, from a seed, with numpy;
- `registers_*` write down what each department would know of them, in its own file and its own spelling;
- `faults` spoils some rows on purpose and `truth` keeps what was spoilt and whom each row is about;
- `build` puts the files into a folder, `load` takes them through the platform's own use cases.

Nobody in it exists; docs/demo-city.md says how that is ensured.
"""
