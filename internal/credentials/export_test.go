package credentials

// FromEnvironment is what the transport does with the environment's proxy.
var FromEnvironment = fromEnvironment
