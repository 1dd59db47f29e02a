module example.org/attach

go 1.19
