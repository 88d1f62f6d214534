using System.Diagnostics.CodeAnalysis;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Folds an inference-mode <c>BatchNormalization</c> into the <c>Conv</c>, <c>ConvTranspose</c> or <c>Gemm</c> in front of it:
/// y = (x − mean) · s + B with s = scale / √(var + ε) becomes W' = s · W and b' = s · (b − mean) + B for each output channel
/// (Ioffe and Szegedy 2015, section 3.1; ONNX BatchNormalization). The arithmetic is done in float64 and rounded once.
/// </summary>
internal sealed class BatchNormalizationFusion : IGraphRewrite
{
    private const double DefaultEpsilon = 1e-5;

    // A weight of this many bytes may be stored again.
    private const int AllowedGrowth = 1024;

    public string Effect => "batch normalizations folded";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
            foreach (var node in scope.Nodes.Where(node => node.OpType == "BatchNormalization" && node.Domain is "" or "ai.onnx").ToArray())
                if (Match(scope, node) is { } match)
                {
                    Rewrite(scope, match);
                    count++;
                }

        return count;
    }

    private sealed record BatchNormalizationMatch(NodeProto Producer, NodeProto Normalization, TensorProto Weight, int ChannelAxis, double[] Scale, double[] Shift);

    private static BatchNormalizationMatch? Match(Graph scope, NodeProto normalization)
    {
        if (normalization.Output.Skip(1).Any(value => value.Length > 0) || normalization.GetInt("training_mode", 0) != 0 || normalization.Input.Count < 5)
            return null;
        var source = normalization.Input[0];
        if (scope.Nodes.FirstOrDefault(node => node.Output.Contains(source)) is not { } producer
            || scope.Consumers(source).Count != 1 || scope.IsOutputAnywhere(source) || producer.Input.Count < 2)
            return null;
        if (ChannelAxis(producer) is not { } axis || !TryFloat(scope, producer.Input[1], out var weight))
            return null;

        var statistics = new float[4][];
        for (var i = 0; i < 4; i++)
        {
            if (!TryFloat(scope, normalization.Input[i + 1], out var tensor))
                return null;
            statistics[i] = tensor.ToFloats();
        }

        // Heads that share a convolution and normalize each on its own would each get a copy of the weight.
        if (weight.RawData.Length > AllowedGrowth && scope.ScopeOf(producer.Input[1])?.Consumers(producer.Input[1]).Count > 1)
            return null;

        var channels = Channels(producer, weight, axis);
        if (statistics.Any(values => values.Length != channels))
            return null;
        var bias = new double[channels];
        if (producer.Input.Count > 2 && producer.Input[2].Length > 0)
        {
            // Gemm broadcasts its bias: one column has a number for each row, which no channel has.
            if (!TryFloat(scope, producer.Input[2], out var tensor) || tensor.ElementCount() is var length && length != 1 && (length != channels || tensor.Dims[^1] != channels))
                return null;
            var values = tensor.ToFloats();
            for (var c = 0; c < channels; c++)
                bias[c] = values[values.Length == 1 ? 0 : c];
        }

        var epsilon = normalization.GetFloat("epsilon", (float)DefaultEpsilon);
        var scale = new double[channels];
        var shift = new double[channels];
        for (var c = 0; c < channels; c++)
        {
            scale[c] = statistics[0][c] / Math.Sqrt(statistics[3][c] + (double)epsilon);
            shift[c] = (bias[c] - statistics[2][c]) * scale[c] + statistics[1][c];
        }

        return scale.All(double.IsFinite) && shift.All(double.IsFinite)
            ? new BatchNormalizationMatch(producer, normalization, weight, axis, scale, shift)
            : null;
    }

    private static void Rewrite(Graph scope, BatchNormalizationMatch match)
    {
        var (producer, normalization, weight, axis, scale, shift) = match;
        // Group g of a ConvTranspose owns the scales from g · perGroup on; everything else has one group here.
        var groups = producer.OpType == "ConvTranspose" ? (int)producer.GetInt("group", 1) : 1;
        var perGroup = scale.Length / groups;
        var inner = weight.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        var outer = weight.Dims.Take(axis).Aggregate(1L, (a, b) => a * b);
        var values = weight.ToFloats();
        var scaled = new float[values.Length];
        for (var o = 0L; o < outer; o++)
            for (var c = 0; c < perGroup; c++)
            {
                var factor = scale[(int)(o * groups / outer) * perGroup + c];
                var start = (o * perGroup + c) * inner;
                for (var i = start; i < start + inner; i++)
                    scaled[i] = (float)(values[i] * factor);
            }

        // Fresh names: the weight may serve other nodes, which keep the old one.
        var weightName = scope.FreshName(weight.Name.Length > 0 ? weight.Name : producer.Input[1]);
        scope.AddInitializer(Tensors.Create<float>(weightName, [.. weight.Dims], scaled));
        var biasName = scope.FreshName($"{normalization.Output[0]}_bias");
        scope.AddInitializer(Tensors.Create<float>(biasName, [shift.Length], [.. shift.Select(value => (float)value)]));

        var inputs = new[] { producer.Input[0], weightName, biasName };
        var result = normalization.Output[0];
        var fused = producer.Clone();
        fused.Input.Clear();
        fused.Input.Add(inputs);
        fused.Output[0] = result;
        scope.Remove(normalization);
        scope.Replace(producer, fused);
    }

    private static int? ChannelAxis(NodeProto node) => node.Domain is not ("" or "ai.onnx") ? null : node.OpType switch
    {
        "Conv" => 0,
        "ConvTranspose" => 1,
        // alpha and beta would have to be carried through; exporters write 1 where a batch normalization follows.
        "Gemm" when node.GetFloat("alpha", 1) == 1 && node.GetFloat("beta", 1) == 1 => node.GetInt("transB", 0) == 1 ? 0 : 1,
        _ => null,
    };

    private static long Channels(NodeProto producer, TensorProto weight, int axis) =>
        weight.Dims[axis] * (producer.OpType == "ConvTranspose" ? producer.GetInt("group", 1) : 1);

    private static bool TryFloat(Graph scope, string value, [NotNullWhen(true)] out TensorProto? tensor) =>
        scope.TryGetConstant(value, out tensor) && tensor.DataType == (int)TensorProto.Types.DataType.Float;
}
