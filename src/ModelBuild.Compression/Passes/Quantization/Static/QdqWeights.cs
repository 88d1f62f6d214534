using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Quantizes the weights and biases of layers: symmetric codes, one scale for each output channel or for the tensor. Weights that several layers share are stored once, and stay as they are then:
/// what would be better for one layer would be worse for another.
/// </summary>
internal sealed class QdqWeights(Graph main)
{
    private readonly Dictionary<(string Weight, WeightLayoutKey Layout), string> _shared = [];
    private readonly Dictionary<(int Length, IntegerType Type), string> _zeroPoints = [];

    private sealed record WeightLayoutKey(bool IsTurned, IntegerType Type, bool PerChannel, bool ReduceRange);

    /// <summary>Makes a layer read its weights from codes, and its bias from int32 codes.</summary>
    /// <param name="node">The layer, whose first input is quantized already.</param>
    /// <param name="source">The layer as it was.</param>
    /// <param name="settings">How it is quantized.</param>
    /// <param name="inputScale">The scale of its input.</param>
    /// <param name="domain">The domain of DequantizeLinear.</param>
    /// <returns>The layer for those that make it better; null where its weights are shared.</returns>
    public QuantizedLayer? Quantize(NodeProto node, NodeProto source, LayerSettings settings, float inputScale, string domain)
    {
        main.TryGetConstant(source.Input[1], out var tensor);
        var layout = WeightLayout.Of(source, tensor!);
        var key = (source.Input[1], new WeightLayoutKey(layout.IsTurned, settings.Weights, settings.PerChannel, settings.ReduceRange));
        var isShared = main.Consumers(source.Input[1]).Count > 1 || _shared.ContainsKey(key);
        if (isShared && _shared.TryGetValue(key, out var known))
        {
            main.SetInput(node, 1, known);
            return null;
        }

        // Gemm's factors go into its constants: ONNX Runtime fuses only 1 and 1.
        var (alpha, beta) = (source.Is("Gemm") ? source.GetFloat("alpha", 1) : 1, source.Is("Gemm") ? source.GetFloat("beta", 1) : 1);
        var rows = Scaled(layout.ToRows(tensor!.Span<float>()), alpha);
        var bias = isShared ? null : Bias(source, layout.Outputs, beta);
        var rule = new SymmetricGrid(settings.Weights.IsWide ? 16 : 8)
        {
            Reduced = settings.ReduceRange,
            Shared = !settings.PerChannel,
            LeastScales = bias is null ? null : QdqLayer.LeastScales(bias, inputScale),
        };
        var grid = rule.Fit(rows, layout.Outputs, layout.Inputs);
        var name = source.Input[1];
        var names = new QdqNames(main.FreshName($"{name}_codes"), main.FreshName($"{name}_scale"), bias is null ? null : main.FreshName($"{name}_bias"), bias is null ? null : main.FreshName($"{name}_bias_scale"));
        var layer = new QdqLayer(main, node, source, layout, settings.Weights, inputScale, names)
        {
            Groups = source.Is("Conv") ? (int)source.GetInt("group", 1) : 1,
            Weights = rows,
            Bias = bias,
            Outputs = layout.Outputs,
            Inputs = layout.Inputs,
            GridRule = rule,
            Grid = grid,
            Codes = grid.Round(rows),
        };
        Wire(node, layer, layout, settings, names, domain);
        layer.Write();
        node.RemoveAttribute("alpha");
        node.RemoveAttribute("beta");
        _shared[key] = node.Input[1];
        return isShared ? null : layer;
    }

    // Placeholders first: the layer writes what is in them.
    private void Wire(NodeProto node, QuantizedLayer layer, WeightLayout layout, LayerSettings settings, QdqNames names, string domain)
    {
        long[] scaleShape = settings.PerChannel ? [layer.Outputs] : [];
        main.AddInitializer(Tensors.Create(names.Weight, settings.Weights.Element, layout.Shape, settings.Weights.Bytes(layer.Codes)));
        main.AddInitializer(Tensors.Create(names.WeightScale, scaleShape, new float[settings.PerChannel ? layer.Outputs : 1]));
        main.SetInput(node, 1, Dequantize(node, names.Weight, names.WeightScale, ZeroPoint(settings, layer.Outputs), settings.PerChannel ? layout.ChannelAxis : null, domain));
        if (names.Bias is null)
            return;
        main.AddInitializer(Tensors.Create(names.Bias, [layer.Outputs], new int[layer.Outputs]));
        main.AddInitializer(Tensors.Create(names.BiasScale!, scaleShape, new float[settings.PerChannel ? layer.Outputs : 1]));
        main.SetInput(node, 2, Dequantize(node, names.Bias, names.BiasScale!, null, settings.PerChannel ? 0 : null, domain));
    }

    private string Dequantize(NodeProto node, string codes, string scale, string? zeroPoint, int? axis, string domain)
    {
        var real = main.FreshName($"{codes}_real");
        main.InsertBefore(node, Nodes.Create(
            "DequantizeLinear", zeroPoint is null ? [codes, scale] : [codes, scale, zeroPoint], [real], domain: domain, attributes: axis is { } channel ? [("axis", (long)channel)] : []));
        return real;
    }

    private string ZeroPoint(LayerSettings settings, int outputs)
    {
        var length = settings.PerChannel ? outputs : 0;
        if (_zeroPoints.TryGetValue((length, settings.Weights), out var known))
            return known;
        var name = main.FreshName($"zeros_{length}");
        main.AddInitializer(Tensors.Create(name, settings.Weights.Element, settings.PerChannel ? [outputs] : [], settings.Weights.Bytes(new int[Math.Max(1, length)])));
        return _zeroPoints[(length, settings.Weights)] = name;
    }

    // A product without a bias gets one where there is room for it: the mean error of rounding goes there.
    private float[]? Bias(NodeProto source, int outputs, float beta)
    {
        if (source.Is("MatMul"))
            return null;
        if (source.InputAt(2).Length == 0)
            return new float[outputs];
        main.TryGetConstant(source.Input[2], out var tensor);
        var values = Scaled(tensor!.ToFloats(), beta);
        return values.Length == outputs ? values : [.. Enumerable.Repeat(values[0], outputs)];
    }

    private static float[] Scaled(float[] values, float factor) => factor == 1 ? values : Array.ConvertAll(values, value => value * factor);
}
