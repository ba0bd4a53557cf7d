module slipway.example/bed/jsonpath

go 1.26

require github.com/theory/jsonpath v0.9.0
