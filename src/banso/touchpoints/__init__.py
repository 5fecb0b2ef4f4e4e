"""Where customers touch us: each room hears one kind of fact."""
