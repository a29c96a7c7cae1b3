module slipway.dev/tideline

go 1.21
