using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>
/// Tests constants of one element that are combined with a value. A constant that has more axes than the value gives the result more axes, and a constant
/// with fewer axes changes nothing. No step may lose the axes.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class WideningConstantsTests
{
    private const int Width = 24;

    private static readonly long[][] Shapes =
    [
        [],
        [1],
        [1, 1],
        [1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 1, 1, 1],
    ];

    private static readonly Dictionary<string, Func<Constants, Net>> Patterns = new()
    {
        ["Gelu"] = c => Gelu(c, c.Net(20)),
        ["Gelu by tanh"] = c => TanhGelu(c, c.Net(20)),
        ["normalization"] = c => Normalization(c, c.Net(18)),
        ["add zero"] = c => c.Net().Node("Add", $"h {c.Of(0)}", "y"),
        ["subtract zero"] = c => c.Net().Node("Sub", $"h {c.Of(0)}", "y"),
        ["multiply by one"] = c => c.Net().Node("Mul", $"{c.Of(1)} h", "y"),
        ["divide by one"] = c => c.Net().Node("Div", $"h {c.Of(1)}", "y"),
        ["power of one"] = c => c.Net().Node("Pow", $"h {c.Of(1)}", "y"),
        ["true"] = c =>
            c.Net()
                .Node("Greater", $"h {c.Of(0)}", "g")
                .Constant("yes", c.Shape, true)
                .Node("And", "g yes", "a")
                .Node("Cast", "a", "y", ("to", (long)DataType.Float)),
        ["add to MatMul"] = c => c.Net().Node("Add", $"h {c.Of(0.5f)}", "y"),
        ["multiply MatMul"] = c => c.Net().Node("Mul", $"h {c.Of(0.5f)}", "y"),
        ["add to Gemm"] = c => c.Gemm().Node("Add", $"h {c.Of(0.5f)}", "y"),
        ["subtract from Gemm"] = c => c.Gemm().Node("Sub", $"h {c.Of(0.5f)}", "y"),
        ["multiply Gemm"] = c => c.Gemm().Node("Mul", $"h {c.Of(0.5f)}", "y"),
        ["divide Gemm"] = c => c.Gemm().Node("Div", $"h {c.Of(0.5f)}", "y"),
        ["add to Conv"] = c => c.Conv().Node("Add", $"h {c.Of(0.5f)}", "y"),
        ["multiply Conv"] = c => c.Conv().Node("Mul", $"{c.Of(0.5f)} h", "y"),
        ["smaller"] = c => c.Net().Node("Min", $"h {c.Of(0.5f)}", "y"),
        ["larger"] = c => c.Net().Node("Max", $"h {c.Of(0.5f)}", "y"),
        ["choice"] = c => c.Net().Node("Greater", $"h {c.Of(0)}", "g").Node("Where", $"g h {c.Of(-1)}", "y"),
        ["behind a Reshape"] = c => c.Gemm().Constant("flat", [2], -1L, Width).Node("Reshape", "h flat", "r").Node("Add", $"r {c.Of(0.5f)}", "y"),
        ["between layers"] = c => c.Gemm().Node("Add", $"h {c.Of(0.5f)}", "a").Node("Relu", "a", "r").Weight("v", Width, Width).Node("MatMul", "r v", "y"),
    };

    // The steps that are not in the table round the numbers. They keep the axes.
    private static readonly Dictionary<string, double> Precise = new()
    {
        ["optimize"] = 100,
        ["float16-weights"] = 50,
        ["equalize(by=weights)"] = 100,
        ["float16"] = 40,
    };

    public static TheoryData<string, int, string> Cases()
    {
        var data = new TheoryData<string, int, string>();
        foreach (var pattern in Patterns.Keys)
            for (var shape = 0; shape < Shapes.Length; shape++)
                foreach (
                    var recipe in new[]
                    {
                        "optimize",
                        "float16-weights",
                        "equalize(by=weights)",
                        "float16",
                        "int8(min-max, everywhere=true)",
                        "int8-dynamic",
                        "int4",
                        "int8-weights bias-correction",
                        "prune-channels(0.2)",
                    }
                )
                    data.Add(pattern, shape, recipe);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_result_has_the_axes_and_the_numbers_of_the_original(string pattern, int shape, string recipe)
    {
        var model = Patterns[pattern](new Constants(Shapes[shape])).Output("y").Build();
        var samples = ListedSamples.Of(
            "x",
            [.. Enumerable.Range(0, 3).Select(call => (Sizes(model), Noise.Floats(Sizes(model).Aggregate(1L, (a, b) => a * b), seed: call)))]
        );

        var changed = Steps.Run(model, recipe, samples, out _);

        var (expectedShape, expected) = Run(model);
        var (actualShape, actual) = Run(changed);
        Assert.Equal(expectedShape, actualShape);
        if (Precise.TryGetValue(recipe, out var least))
            Assert.InRange(Ort.Sqnr(expected, actual), least, double.PositiveInfinity);
    }

    private static long[] Sizes(OnnxModel model) =>
        [.. model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue > 0 ? size.DimValue : 3)];

    private static (long[] Shape, float[] Values) Run(OnnxModel model)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(model.ToBytes(), options);
        var sizes = Sizes(model);
        using var input = OrtValue.CreateTensorValueFromMemory(Noise.Floats(sizes.Aggregate(1L, (a, b) => a * b)), sizes);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [input], ["y"]);
        return (results[0].GetTensorTypeAndShape().Shape, results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    private static Net Gelu(Constants c, Net net) =>
        net.Node("Mul", $"h {c.Of(0.5f)}", "half")
            .Node("Div", $"h {c.Of(1.41421356f)}", "scaled")
            .Node("Erf", "scaled", "erf")
            .Node("Add", $"erf {c.Of(1)}", "plus")
            .Node("Mul", "half plus", "y");

    private static Net TanhGelu(Constants c, Net net) =>
        net.Node("Pow", $"h {c.Of(3)}", "cube")
            .Node("Mul", $"cube {c.Of(0.044715f)}", "part")
            .Node("Add", "h part", "sum")
            .Node("Mul", $"sum {c.Of(0.7978845608f)}", "scaled")
            .Node("Tanh", "scaled", "tanh")
            .Node("Add", $"tanh {c.Of(1)}", "plus")
            .Node("Mul", "h plus", "whole")
            .Node("Mul", $"whole {c.Of(0.5f)}", "y");

    private static Net Normalization(Constants c, Net net) =>
        net.Constant("axes", [1], -1L)
            .Weight("gain", Width)
            .Weight("shift", Width)
            .Node("ReduceMean", "h axes", "mean")
            .Node("Sub", "h mean", "centred")
            .Node("Mul", "centred centred", "square")
            .Node("ReduceMean", "square axes", "variance")
            .Node("Add", $"variance {c.Of(1e-5f)}", "guarded")
            .Node("Sqrt", "guarded", "deviation")
            .Node("Div", "centred deviation", "normal")
            .Node("Mul", "normal gain", "scaled")
            .Node("Add", "scaled shift", "y");

    /// <summary>Creates constants of one shape, and the layers in front of them.</summary>
    private sealed class Constants(long[] shape)
    {
        private Net? _net;
        private int _count;

        public long[] Shape => shape;

        public Net Net(long opset = 17) => _net = new Net(opset).Input("x", -1, Width).Weight("w", Width, Width).Node("MatMul", "x w", "h");

        public Net Gemm() => _net = new Net().Input("x", -1, Width).Weight("w", Width, Width).Weight("b", Width).Node("Gemm", "x w b", "h");

        public Net Conv() => _net = new Net().Input("x", -1, 2, 5, 5).Weight("w", 4, 2, 3, 3).Weight("b", 4).Node("Conv", "x w b", "h");

        public string Of(float number)
        {
            // The network of the pattern exists before its first constant is named.
            var name = $"c{_count++}";
            _net!.Constant(name, shape, number);
            return name;
        }
    }
}
