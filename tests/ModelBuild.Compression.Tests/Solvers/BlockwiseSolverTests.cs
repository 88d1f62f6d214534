using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>Tests that a layer that is solved in blocks of output channels gets the same result as in one block.</summary>
[Trait("Speed", "Slow")]
public sealed class BlockwiseSolverTests
{
    private const int Rows = 60;
    private const int HeldOutRows = 12;

    private static readonly string[] Steps =
    [
        "int8(min-max)",
        "int8(min-max, per-channel=false)",
        "int8-weights",
        "int8-weights(per-channel=false)",
        "int8-dynamic",
        "int8-blocks",
        "int4(last-layer-bits=4)",
        "int4(last-layer-bits=4, format=qdq)",
        "int4(last-layer-bits=4, format=stored)",
    ];

    private static readonly Dictionary<string, ILayerSolver[]> Solvers = new()
    {
        ["least-squares"] = [new LeastSquares()],
        ["gptq"] = [new Gptq()],
        ["coordinate-descent"] = [new CoordinateDescent(sweeps: 2)],
        ["clip-weights"] = [new ClipWeights()],
        ["adaround"] = [new AdaRound(iterations: 30)],
        ["bias-correction"] = [new BiasCorrection()],
        ["all"] = [new LeastSquares(), new ClipWeights(), new Gptq(), new CoordinateDescent(sweeps: 2)],
    };

    private static readonly Dictionary<string, Func<Net>> Nets = new()
    {
        ["MatMul"] = () => Matrix().Weight("w", 64, 50).Node("MatMul", "x w", "y").Output("y"),
        ["Gemm"] = () => Matrix().Weight("w", 64, 50).Weight("b", 50).Node("Gemm", "x w b", "y").Output("y"),
        ["Gemm turned"] = () => Matrix().Weight("w", 50, 64).Weight("b", 50).Node("Gemm", "x w b", "y", ("transB", 1)).Output("y"),
        ["Gemm of factors"] = () => Matrix().Weight("w", 50, 64).Weight("b", 50).Node("Gemm", "x w b", "y", ("transB", 1), ("alpha", 0.5f)).Output("y"),
        ["Conv"] = () => Image().Weight("w", 50, 8, 3, 3).Node("Conv", "x w", "y").Output("y"),
        ["Conv of groups"] = () => Image().Weight("w", 72, 4, 4, 4).Weight("b", 72).Node("Conv", "x w b", "y", ("group", 2)).Output("y"),
        ["ConvTranspose"] = () => Image().Weight("w", 8, 50, 3, 3).Weight("b", 50).Node("ConvTranspose", "x w b", "y").Output("y"),
        ["ConvTranspose of groups"] = () => Image().Weight("w", 8, 36, 4, 4).Weight("b", 72).Node("ConvTranspose", "x w b", "y", ("group", 2)).Output("y"),
    };

    public static TheoryData<string, string, string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string, bool, bool>();
            foreach (var net in Nets.Keys)
            foreach (var step in Steps.Where(step => IsSolved(net, step)))
            foreach (var solver in Solvers.Keys)
            foreach (var keepsRows in new[] { false, true })
                cases.Add(net, step, solver, keepsRows, false);
            // More than a tenth of all weights are zeros, but only some blocks contain zeros.
            foreach (var net in Nets.Keys)
            foreach (var step in new[] { "int8(min-max)", "int8-weights", "int4(last-layer-bits=4, format=stored)" }.Where(step => IsSolved(net, step)))
            foreach (var keepsRows in new[] { false, true })
                cases.Add(net, step, "all", keepsRows, true);
            return cases;
        }
    }

    // Only products are quantized dynamically. Groups of a ConvTranspose share the scales of 4 bits and of blocks. Only products have the factors of a Gemm.
    private static bool IsSolved(string net, string step) =>
        net switch
        {
            "Gemm of factors" => step is "int8-dynamic" or "int8-blocks" or "int4(last-layer-bits=4)" or "int4(last-layer-bits=4, format=qdq)",
            "ConvTranspose of groups" => step.StartsWith("int8(", StringComparison.Ordinal) || step.StartsWith("int8-weights", StringComparison.Ordinal),
            "Conv" or "Conv of groups" or "ConvTranspose" => step != "int8-dynamic",
            _ => true,
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Blocks_change_no_result(string net, string step, string solver, bool keepsRows, bool isPruned)
    {
        var (one, onesAccepted) = Solve(net, step, solver, keepsRows, isPruned, new BlockSize(1 << 30));
        var (many, manysAccepted) = Solve(net, step, solver, keepsRows, isPruned, new BlockSize(1));

        Assert.Equal(onesAccepted, manysAccepted);
        Assert.Equal(one.Encoded.Codes, many.Encoded.Codes);
        Assert.Equal(one.Encoded.Grid.Scales, many.Encoded.Grid.Scales);
        Assert.Equal(one.Encoded.Grid.ZeroPoints, many.Encoded.Grid.ZeroPoints);
        Assert.Equal(one.Bias, many.Bias);
    }

    private static (QuantizedLayer Layer, int Accepted) Solve(string net, string step, string solver, bool keepsRows, bool isPruned, BlockSize size)
    {
        var model = Nets[net]().Build();
        if (isPruned)
            Prune(model);
        var layer = Quantize(model, step);
        using var answers = new RowAnswers();
        var blockwise = new BlockwiseSolver(Solvers[solver], answers, size, threads: 2);
        var accepted = 0;
        for (var group = 0; group < layer.Groups; group++)
            accepted += blockwise.Solve(layer, group, Moments(layer, group, keepsRows), CancellationToken.None);
        return (layer, accepted);
    }

    private static QuantizedLayer Quantize(OnnxModel model, string step)
    {
        var shape = model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue).ToArray();
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        var samples = ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(call => (shape, Noise.Floats(count, seed: 60 + call)))]);
        var context = new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(samples, threads: 1) };
        RecipePipeline.Run(context, RecipeParser.Parse(step).Steps);
        return Assert.Single(context.Layers.All);
    }

    // The first output channels of each half become zero, so that some blocks have no zeros.
    private static void Prune(OnnxModel model)
    {
        var graph = new Graph(model);
        var node = graph.Nodes[0];
        var layout = WeightLayout.Of(node, graph.Constant("w"));
        var rows = layout.ToRows(graph.Constant("w").Span<float>());
        rows.AsSpan(0, rows.Length / 8).Clear();
        rows.AsSpan(rows.Length / 2, rows.Length / 8).Clear();
        graph.ReplaceConstant("w", Tensors.Create("w", layout.Shape, layout.FromRows<float>(rows)));
    }

    // The target outputs are those of other weights than the layer has, as if layers before it had errors.
    private static LayerMoments Moments(QuantizedLayer layer, int group, bool keepsRows)
    {
        var (inputs, outputs) = (layer.Inputs, layer.Outputs / layer.Groups);
        var weights = layer.Original.Read(group * outputs, outputs);
        var noise = Noise.Floats(weights.Length, seed: 71 + group, scale: 0.02);
        for (var i = 0; i < weights.Length; i++)
            weights[i] += noise[i];
        var bias = Noise.Floats(outputs, seed: 72);
        using var products = new MomentProducts();
        var sums = new MomentsAccumulator(products, inputs, outputs, keepsRows);
        var seen = Noise.Floats(Rows * inputs, seed: 73);
        sums.Add(seen, Problems.Answers(seen, weights, bias, inputs));
        var heldOut = Noise.Floats(HeldOutRows * inputs, seed: 74);
        return sums.Moments()! with { HeldOut = new LayerSample(inputs, outputs, heldOut, Problems.Answers(heldOut, weights, bias, inputs)) };
    }

    private static Net Matrix() => new Net().Input("x", 5, 64);

    private static Net Image() => new Net().Input("x", 1, 8, 9, 9);
}
