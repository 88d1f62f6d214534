using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Testing.Fixtures;

/// <summary>
/// A small transformer of random weights, as exporters write it: attention and feed-forward layers around a residual stream, some channels of which are
/// outliers, as in large trained models. Its input <c>x</c> is float32 [positions, 24], or [1, positions, 24] with MatMul, and its output <c>y</c> has 10
/// columns.
/// </summary>
internal sealed record TinyTransformer
{
    /// <summary>The number of input features.</summary>
    public const int Features = 24;

    private const int Outputs = 10;
    private const int Vocabulary = 40;

    /// <summary>The width of the residual stream.</summary>
    public int Width { get; init; } = 64;

    /// <summary>The number of positions.</summary>
    public int Length { get; init; } = 12;

    /// <summary>The number of heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The number of layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>
    /// The normalization: LayerNormalization, LayerNormalization in single operators, SimplifiedLayerNormalization, or a root mean square in single operators.
    /// </summary>
    public string Norm { get; init; } = "LayerNormalization";

    /// <summary>Whether the normalization comes after the residual sum, as in BERT.</summary>
    public bool IsPostNorm { get; init; }

    /// <summary>Whether layers are Gemm on two axes; otherwise MatMul and Add on three.</summary>
    public bool UsesGemm { get; init; }

    /// <summary>Whether MatMul layers have a bias.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether the input is <c>ids</c>, int64 [positions], and the table of embeddings is the last layer too.</summary>
    public bool IsTied { get; init; }

    /// <summary>Whether all layers have the same weights.</summary>
    public bool SharesLayers { get; init; }

    /// <summary>Whether all elements of each γ are equal.</summary>
    public bool HasEvenGains { get; init; }

    /// <summary>The size of three channels of the residual stream at every position, in units of the other channels; 0 for channels of equal size.</summary>
    public float Outlier { get; init; }

    /// <summary>The shape of the input.</summary>
    public long[] InputShape => UsesGemm ? [Length, Features] : [1, Length, Features];

    private long[] Rows => UsesGemm ? [] : [1];

    /// <summary>Builds the model.</summary>
    public OnnxModel Build() => Net().Build();

    /// <summary>Returns the model, to which a test may add.</summary>
    public Net Net()
    {
        var net = new Net()
            .Constant("two", [], 2f)
            .Constant("epsilon", [], 1e-5f)
            .Constant("half", [], 0.5f)
            .Constant("one", [], 1f)
            .Constant("root2", [], MathF.Sqrt(2))
            .Constant("root", [], MathF.Sqrt(Width / (float)Heads))
            .Constant("split", [.. new[] { 3L + Rows.Length }], [.. Rows, Length, Heads, Width / Heads])
            .Constant("joined", [.. new[] { 2L + Rows.Length }], [.. Rows, Length, Width]);
        net.Constant("positions", [Length, Width], Positions());
        if (IsTied)
            net.Input("ids", DataType.Int64, Length)
                .Constant("table", [Vocabulary, Width], Noise.Floats(Vocabulary * Width, seed: 12))
                .Node("Gather", "table ids", "embedded");
        else
        {
            net.Input("x", InputShape).Constant("w_in", [Features, Width], Noise.Floats(Features * Width, seed: 13, scale: 0.5));
            net.Node("MatMul", "x w_in", "embedded");
        }

        net.Node("Add", "embedded positions", "h0");
        var stream = "h0";
        for (var layer = 0; layer < Layers; layer++)
        {
            stream = Block(net, stream, $"{layer}a", layer, Attend);
            stream = Block(net, stream, $"{layer}f", layer, FeedForward);
        }

        if (!IsPostNorm)
            stream = Normalize(net, stream, "last", "last");
        return IsTied
            ? net.Node("Gemm", $"{stream} table", "y", ("transB", 1L)).Output("y")
            : net.Constant("w_out", [Width, Outputs], Noise.Normal(Width * Outputs, seed: 14, 1 / Math.Sqrt(Width)))
                .Weight("b_out", Outputs)
                .Node("MatMul", $"{stream} w_out", "scores")
                .Node("Add", "scores b_out", "y")
                .Output("y");
    }

    private string Block(Net net, string stream, string name, int layer, Action<Net, string, string, string, string> branch)
    {
        var weights = SharesLayers ? "s" : $"{layer}";
        var input = IsPostNorm ? stream : Normalize(net, stream, name, SharesLayers ? $"s{name[^1]}" : name);
        branch(net, input, name, weights, $"branch{name}");
        net.Node("Add", $"{stream} branch{name}", $"sum{name}");
        return IsPostNorm ? Normalize(net, $"sum{name}", name, name) : $"sum{name}";
    }

    private void Attend(Net net, string input, string name, string weights, string result)
    {
        long[] heads = UsesGemm ? [1, 0, 2] : [0, 2, 1, 3];
        long[] keys = UsesGemm ? [1, 2, 0] : [0, 2, 3, 1];
        foreach (var part in new[] { "q", "k", "v" })
        {
            Dense(net, input, $"w_{part}{weights}", Width, Width, $"{part}{name}");
            net.Node("Reshape", $"{part}{name} split", $"{part}s{name}");
            net.Node("Transpose", $"{part}s{name}", $"{part}h{name}", ("perm", part == "k" ? keys : heads));
        }

        net.Node("MatMul", $"qh{name} kh{name}", $"raw{name}").Node("Div", $"raw{name} root", $"scaled{name}");
        net.Node("Softmax", $"scaled{name}", $"p{name}", ("axis", -1L)).Node("MatMul", $"p{name} vh{name}", $"mixed{name}");
        net.Node("Transpose", $"mixed{name}", $"rows{name}", ("perm", heads)).Node("Reshape", $"rows{name} joined", $"join{name}");
        Dense(net, $"join{name}", $"w_o{weights}", Width, Width, result);
    }

    private void FeedForward(Net net, string input, string name, string weights, string result)
    {
        Dense(net, input, $"w_1{weights}", Width, 2 * Width, $"inner{name}");
        net.Node("Div", $"inner{name} root2", $"d{name}").Node("Erf", $"d{name}", $"e{name}").Node("Add", $"e{name} one", $"e1{name}");
        net.Node("Mul", $"inner{name} e1{name}", $"m{name}").Node("Mul", $"m{name} half", $"gelu{name}");
        Dense(net, $"gelu{name}", $"w_2{weights}", 2 * Width, Width, result);
    }

    private void Dense(Net net, string input, string weight, int inputs, int outputs, string result)
    {
        if (!net.Has(weight))
        {
            var values = Noise.Normal(inputs * outputs, Seed(weight), 1 / Math.Sqrt(inputs));
            net.Constant(weight, UsesGemm ? [outputs, inputs] : [inputs, outputs], UsesGemm ? Transposed(values, inputs, outputs) : values);
            net.Constant($"{weight}_b", [outputs], Noise.Floats(outputs, Seed(weight) + 1, 0.2));
        }

        if (UsesGemm)
            net.Node("Gemm", HasBias ? $"{input} {weight} {weight}_b" : $"{input} {weight}", result, ("transB", 1L));
        else if (HasBias)
            net.Node("MatMul", $"{input} {weight}", $"{result}_product").Node("Add", $"{result}_product {weight}_b", result);
        else
            net.Node("MatMul", $"{input} {weight}", result);
    }

    private string Normalize(Net net, string input, string name, string parameters)
    {
        var (gain, shift) = ($"gain{parameters}", $"shift{parameters}");
        if (!net.Has(gain))
        {
            net.Constant(gain, [Width], [.. Noise.Floats(Width, Seed(gain), 0.5).Select(value => HasEvenGains ? 1.25f : 1 + value)]);
            net.Constant(shift, [Width], Noise.Floats(Width, Seed(shift), 0.3));
        }

        var result = $"n{name}";
        if (Norm is "LayerNormalization" or "SimplifiedLayerNormalization")
            net.Node(Norm, Norm == "LayerNormalization" ? $"{input} {gain} {shift}" : $"{input} {gain}", result, ("axis", -1L));
        else
            NormalizeInSteps(net, input, name, gain, shift);
        return result;
    }

    private void NormalizeInSteps(Net net, string input, string name, string gain, string shift)
    {
        var isCentred = Norm == "LayerNormalization in single operators";
        var centred = isCentred ? $"centred{name}" : input;
        if (isCentred)
            net.Node("ReduceMean", input, $"mean{name}", ("axes", new long[] { -1 })).Node("Sub", $"{input} mean{name}", centred);
        net.Node("Pow", $"{centred} two", $"square{name}").Node("ReduceMean", $"square{name}", $"variance{name}", ("axes", new long[] { -1 }));
        net.Node("Add", $"variance{name} epsilon", $"guarded{name}").Node("Sqrt", $"guarded{name}", $"deviation{name}");
        net.Node("Div", $"{centred} deviation{name}", $"z{name}");
        net.Node("Mul", $"z{name} {gain}", isCentred ? $"scaled{name}n" : $"n{name}");
        if (isCentred)
            net.Node("Add", $"scaled{name}n {shift}", $"n{name}");
    }

    // Large trained models have few channels with large values, which hardly differ between positions.
    private float[] Positions() => [.. Noise.Floats(Length * Width, seed: 11, scale: 0.3).Select((value, i) => value + Offset(i % Width))];

    private float Offset(int channel) =>
        channel switch
        {
            5 or 17 => Outlier,
            12 => -Outlier,
            _ => 0,
        };

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];

    private static int Seed(string name) => name.Aggregate(17, (seed, c) => seed * 31 + c);
}
