using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Quantizes the weights and biases of layers: symmetric codes, one scale for each output channel or for the tensor. Weights that several layers share are
/// stored once, and later steps do not change them, because an improvement for one layer could increase the error of another. Each layer has its own bias,
/// because its scale depends on the input's scale.
/// </summary>
internal sealed class QdqWeights(Graph main)
{
    private readonly Dictionary<(string Weight, WeightLayoutKey Layout), string> _shared = [];

    private sealed record WeightLayoutKey(int ChannelAxis, int Groups, float Factor, IntegerType Type, int Bits, bool PerChannel, bool ReduceRange);

    /// <summary>Makes a layer read its weights from codes, and its bias from int32 codes.</summary>
    /// <param name="node">The layer, whose first input is already quantized.</param>
    /// <param name="source">The layer before quantization.</param>
    /// <param name="settings">The settings of the layer.</param>
    /// <param name="inputScale">The scale of its input.</param>
    /// <param name="domain">The domain of DequantizeLinear.</param>
    /// <returns>Creates the layer, with codes and float weights, for steps that improve it; null if its weights are shared.</returns>
    public Func<QuantizedLayer>? Quantize(NodeProto node, NodeProto source, LayerSettings settings, float inputScale, string domain)
    {
        main.TryGetConstant(source.Input[1], out var tensor);
        var layout = WeightLayout.Of(source, tensor!);
        settings = settings with { PerChannel = settings.PerChannel && layout.HasChannelSlices };
        // Gemm's alpha and beta are multiplied into its constants, because ONNX Runtime fuses only a Gemm whose factors are 1.
        var found = WeightedOperator.Of(source);
        var (alpha, beta) = (found.Alpha(source), found.Beta(source));
        node.RemoveAttribute("alpha");
        var key = (
            source.Input[1],
            new WeightLayoutKey(layout.ChannelAxis, layout.Groups, alpha, settings.Weights, settings.Bits, settings.PerChannel, settings.ReduceRange)
        );
        var isShared = main.Consumers(source.Input[1]).Count > 1 || _shared.ContainsKey(key);
        var bias = isShared && source.InputAt(2).Length == 0 ? null : Bias(source, layout.Outputs, beta);
        node.RemoveAttribute("beta");
        if (
            _shared.TryGetValue(key, out var known)
            && main.Constant(main.Producer(known)!.Input[1]).ToFloats() is var scales
            && Holds(scales, bias, inputScale)
        )
        {
            main.SetInput(node, 1, known);
            if (bias is not null)
            {
                var (own, ownScale) = (main.FreshName($"{source.Input[1]}_bias"), main.FreshName($"{source.Input[1]}_bias_scale"));
                WireBias(node, own, ownScale, settings, layout.Outputs, domain);
                QdqLayer.WriteBias(main, own, ownScale, scales, inputScale, bias);
            }

            return null;
        }

        var rule = new SymmetricGrid(settings.Weights.IsWide ? 16 : settings.Bits)
        {
            // The range of the codes is reduced if the settings require it, because sums of products of narrower codes cannot saturate.
            Reduced = settings.ReduceRange && settings.Bits == 8,
            Shared = !settings.PerChannel,
            MinScales = bias is null ? null : QdqLayer.MinScales(bias, inputScale),
        };
        var name = source.Input[1];
        var names = new QdqNames(
            main.FreshName($"{name}_codes"),
            main.FreshName($"{name}_scale"),
            bias is null ? null : main.FreshName($"{name}_bias"),
            bias is null ? null : main.FreshName($"{name}_bias_scale")
        );
        Wire(node, layout, settings, names, domain);
        QdqLayer Make()
        {
            var weights = WeightMatrix.Of(layout, tensor!, alpha);
            return new QdqLayer(main, node, source, layout, settings.Weights, inputScale, names)
            {
                Groups = layout.Groups,
                Original = weights,
                Bias = bias?.ToArray(),
                Outputs = layout.Outputs,
                Inputs = layout.Inputs,
                GridRule = rule,
                Encoded = EncodedWeights.Encode(weights, rule, balanced: 0, CancellationToken.None),
            };
        }

        if (alpha != 1 || !TryWriteDirectly(tensor!, layout, settings, inputScale, names, bias, rule.MinScales))
            Make().Write();
        tensor!.Release();
        _shared.TryAdd(key, node.Input[1]);
        return isShared ? null : Make;
    }

    // Returns whether the bias fits into 32 bits with the scales of the weights. If it does not fit, the layer gets its own copy of the weights.
    private static bool Holds(float[] scales, float[]? bias, float inputScale) =>
        bias is null || QdqLayer.MinScales(bias, inputScale).Index().All(least => least.Item <= scales[scales.Length == 1 ? 0 : least.Index]);

    // Writes the codes of the weights directly if possible. The codes are the same as those that a layer would write, but the float weights and codes of the
    // whole tensor need not be in memory.
    private bool TryWriteDirectly(
        TensorProto tensor,
        WeightLayout layout,
        LayerSettings settings,
        float inputScale,
        QdqNames names,
        float[]? bias,
        float[]? leastScales
    )
    {
        if (settings.Weights != IntegerType.Int8 || settings.Bits < 8 || settings.ReduceRange || !settings.PerChannel)
            return false;
        long[] scaleShape = [.. layout.Shape.Select((size, axis) => axis == layout.ChannelAxis ? size : 1)];
        var (codes, scales) = SymmetricInt8.Quantize(tensor.Span<float>(), layout.Shape, scaleShape);
        if (leastScales is not null && scales.Zip(leastScales).Any(pair => pair.First < pair.Second))
            return false;
        main.ReplaceConstant(names.Weight, Tensors.Create(names.Weight, layout.Shape, codes));
        QdqLayer.WriteScales(main, names, scales, inputScale, bias);
        return true;
    }

    // Connects a node with its quantized weights. The initializers are placeholders at first, and the layer writes their contents later.
    private void Wire(NodeProto node, WeightLayout layout, LayerSettings settings, QdqNames names, string domain)
    {
        int? axis = settings.PerChannel ? layout.ChannelAxis : null;
        Placeholders(names.Weight, names.WeightScale, settings, layout.Outputs);
        main.SetInput(node, 1, Dequantize(node, names.Weight, names.WeightScale, ZeroPoint(names.Weight, settings, layout.Outputs), axis, domain));
        if (names.Bias is not null)
            WireBias(node, names.Bias, names.BiasScale!, settings, layout.Outputs, domain);
    }

    private void WireBias(NodeProto node, string name, string scaleName, LayerSettings settings, int outputs, string domain)
    {
        Placeholders(name, scaleName, settings, outputs);
        main.SetInput(node, 2, Dequantize(node, name, scaleName, null, settings.PerChannel ? 0 : null, domain));
    }

    private void Placeholders(string codes, string scale, LayerSettings settings, int outputs)
    {
        main.AddInitializer(Tensors.Create<int>(codes, [0], []));
        main.AddInitializer(Tensors.Create(scale, settings.PerChannel ? [outputs] : [], new float[settings.PerChannel ? outputs : 1]));
    }

    private string Dequantize(NodeProto node, string codes, string scale, string? zeroPoint, int? axis, string domain)
    {
        var real = main.FreshName($"{codes}_real");
        main.InsertBefore(
            node,
            Nodes.Create(
                "DequantizeLinear",
                zeroPoint is null ? [codes, scale] : [codes, scale, zeroPoint],
                [real],
                domain: domain,
                attributes: axis is { } channel ? [("axis", (long)channel)] : []
            )
        );
        return real;
    }

    // Returns the name of the zero point of a weight. Each weight has its own, because ONNX Runtime's x64quantprecision, which CPUs without VNNI need, refuses
    // zero points that several weights share.
    private string ZeroPoint(string weight, LayerSettings settings, int outputs)
    {
        var name = main.FreshName($"{weight}_zero_point");
        main.AddInitializer(
            Tensors.Create(
                name,
                settings.Weights.Element,
                settings.PerChannel ? [outputs] : [],
                settings.Weights.Bytes(new int[settings.PerChannel ? outputs : 1])
            )
        );
        return name;
    }

    // Returns the bias of a layer. A product without a bias gets one if the operator can have it, because the bias compensates the mean error of rounding.
    private float[]? Bias(NodeProto source, int outputs, float beta)
    {
        if (WeightedOperator.Of(source).BiasInput is null)
            return null;
        if (source.InputAt(2).Length == 0)
            return new float[outputs];
        main.TryGetConstant(source.Input[2], out var tensor);
        var values = Scaled(tensor!.ToFloats(), beta);
        return values.Length == outputs ? values : [.. Enumerable.Repeat(values[0], outputs)];
    }

    private static float[] Scaled(float[] values, float factor) => factor == 1 ? values : Array.ConvertAll(values, value => value * factor);
}
