using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>A model of one layer that has weights, with the shapes of their scales.</summary>
/// <param name="Net">A model of that layer.</param>
/// <param name="Scales">For each of its weights, the shape of its scales.</param>
internal sealed record Layers(Net Net, (string Weight, long[] Scales)[] Scales)
{
    public static TheoryData<string> Kinds { get; } =
    [
        "Conv",
        "Conv of groups",
        "ConvTranspose",
        "Gemm",
        "Gemm turned",
        "Gemm left",
        "Gemm small",
        "MatMul",
        "MatMul of many",
        "MatMul left",
        "Gather",
        "LSTM",
        "LSTM both ways",
        "GRU",
        "RNN",
    ];

    public static Layers Make(string kind) =>
        kind switch
        {
            "Conv" => new(Image().Weight("w", 16, 8, 3, 3).Weight("b", 16).Node("Conv", "x w b", "y").Output("y"), [("w", [16, 1, 1, 1])]),
            "Conv of groups" => new(Image().Weight("w", 40, 2, 5, 5).Node("Conv", "x w", "y", ("group", 4)).Output("y"), [("w", [40, 1, 1, 1])]),
            "ConvTranspose" => new(Image().Weight("w", 8, 12, 3, 3).Node("ConvTranspose", "x w", "y").Output("y"), [("w", [1, 12, 1, 1])]),
            "Gemm" => new(Matrix().Weight("w", 40, 30).Weight("b", 30).Node("Gemm", "x w b", "y").Output("y"), [("w", [1, 30])]),
            "Gemm turned" => new(Matrix().Weight("w", 30, 40).Weight("b", 30).Node("Gemm", "x w b", "y", ("transB", 1)).Output("y"), [("w", [30, 1])]),
            "Gemm left" => new(new Net().Input("x", 40, 7).Weight("w", 30, 40).Node("Gemm", "w x", "y").Output("y"), [("w", [30, 1])]),
            "Gemm small" => new(Matrix().Weight("w", 40, 2).Node("Gemm", "x w", "y").Output("y"), []),
            "MatMul" => new(Matrix().Weight("w", 40, 30).Node("MatMul", "x w", "y").Output("y"), [("w", [1, 30])]),
            "MatMul of many" => new(new Net().Input("x", 3, 5, 40).Weight("w", 3, 40, 30).Node("MatMul", "x w", "y").Output("y"), [("w", [3, 1, 30])]),
            "MatMul left" => new(new Net().Input("x", 40, 7).Weight("w", 30, 40).Node("MatMul", "w x", "y").Output("y"), [("w", [30, 1])]),
            "Gather" => new(new Net().Input("ids", DataType.Int64, 3).Weight("w", 50, 32).Node("Gather", "w ids", "y").Output("y"), [("w", [50, 1])]),
            "LSTM" => Recurrent("LSTM", gates: 4, directions: 1),
            "LSTM both ways" => Recurrent("LSTM", gates: 4, directions: 2),
            "GRU" => Recurrent("GRU", gates: 3, directions: 1),
            "RNN" => Recurrent("RNN", gates: 1, directions: 1),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static Net Image() => new Net().Input("x", 1, 8, 9, 9);

    private static Net Matrix() => new Net().Input("x", 5, 40);

    private static Layers Recurrent(string op, int gates, int directions) =>
        new(
            new Net()
                .Input("x", 6, 2, 24)
                .Weight("w", directions, gates * 20, 24)
                .Weight("r", directions, gates * 20, 20)
                .Weight("b", directions, gates * 40)
                .Node(op, "x w r b", "y h", ("hidden_size", 20), ("direction", directions == 2 ? "bidirectional" : "forward"))
                .Output("y", "h"),
            [("w", [directions, gates * 20, 1]), ("r", [directions, gates * 20, 1])]
        );
}
