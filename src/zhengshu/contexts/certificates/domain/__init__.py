"""Pure rules of certificates: types, values, states, presentations."""
